package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.client.GenServerClient;
import dev.genserver.testkit.PluginJar;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What docs/command-line.md and the help of the commands show is what happens.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class CommandLineDocIT {

  private static final Path PAGE = Path.of("../docs/command-line.md");
  private static final Pattern BLOCK =
      Pattern.compile("(?ms)^<!-- run -->\n```console\n(.+?)^```$");
  private static final Pattern COMMAND =
      Pattern.compile("(?m)^\\$ (.+<<EOF.*\n(?:.*\n)*?EOF\n|.+\n)((?:(?!\\$ ).*\n)*)");
  private static final Pattern SUBCOMMANDS = Pattern.compile("(?ms)^Commands:\n(.+?\n)(?:\n|\\z)");
  private static final Pattern SUBCOMMAND = Pattern.compile("(?m)^  ([a-z-]+)(?:,| )");
  private static final Pattern EXAMPLE = Pattern.compile("(?m)^Example:\n  (.+)$");

  private static final String TILL = "ChildSpec.named(\"till\", Till::new)";

  /// A plugin to deploy: its process `till` adds up what is paid.
  private static final PluginJar SHOP =
      shop("1.0.0", TILL)
          .source(
              "shop.Till",
              """
              package shop;

              import dev.genserver.sdk.*;

              public final class Till extends GenServer<Till.State, Till.Pay, Void> {
                public record State(long cents) {}
                public record Pay(long cents) {}
                public Init<State> init(Args args) {
                  return ok(new State(0));
                }
                public CallResult<State> handleCall(Pay pay, From from, State state) {
                  var next = new State(state.cents() + pay.cents());
                  return reply(next.cents(), next);
                }
              }
              """);

  /// A version to upgrade it to: refunds too.
  private static final PluginJar NEXT_SHOP = withRefunds(shop("2.0.0", TILL));

  /// A version that does not pass a probation: has a second process, which soon crashes.
  private static final PluginJar BAD_SHOP =
      withRefunds(
              shop(
                  "3.0.0",
                  TILL + ", ChildSpec.named(\"books\", Books::new).restart(Restart.TEMPORARY)"))
          .source(
              "shop.Books",
              """
              package shop;

              import dev.genserver.sdk.*;
              import java.time.Duration;

              public final class Books extends GenServer<Books.State, Void, Void> {
                public record State(long pages) {}
                public Init<State> init(Args args) {
                  return ok(new State(0)).timeout(Duration.ofMillis(200));
                }
                public Result<State> handleInfo(InfoMessage message, State state) {
                  throw new IllegalStateException("the books do not balance");
                }
              }
              """);

  private static PluginJar shop(String version, String children) {
    return PluginJar.of("shop", version)
        .plugin(
            "shop.ShopPlugin",
            """
            package shop;

            import dev.genserver.sdk.*;
            import java.util.List;

            public final class ShopPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("till", Till.class, Till::new));
              }
              public List<ChildSpec> children() {
                return List.of(%s);
              }
            }
            """
                .formatted(children));
  }

  /// A plugin whose rooms are opened at run time, for a canary.
  private static PluginJar trial(String version) {
    return PluginJar.of("trial", version)
        .source(
            "trial.Room",
            """
            package trial;

            import dev.genserver.sdk.*;

            public final class Room extends GenServer<Room.State, Void, Void> {
              public record State() {}
              public Init<State> init(Args args) {
                return ok(new State());
              }
            }
            """)
        .plugin(
            "trial.TrialPlugin",
            """
            package trial;

            import dev.genserver.sdk.*;
            import java.util.List;

            public final class TrialPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("trial-room", Room.class, Room::new));
              }
              public List<ChildSpec> children() {
                return List.of(ChildSpec.supervisor("rooms", DynamicSupervisorSpec.create()));
              }
            }
            """);
  }

  private static PluginJar withRefunds(PluginJar shop) {
    return shop.source(
        "shop.Till",
        """
        package shop;

        import dev.genserver.sdk.*;

        public final class Till extends GenServer<Till.State, Till.Call, Void> {
          public record State(long cents) {}
          public sealed interface Call {
            record Pay(long cents) implements Call {}
            record Refund(long cents) implements Call {}
          }
          public Init<State> init(Args args) {
            return ok(new State(0));
          }
          public CallResult<State> handleCall(Call request, From from, State state) {
            var next =
                new State(
                    switch (request) {
                      case Call.Pay(long cents) -> state.cents() + cents;
                      case Call.Refund(long cents) -> state.cents() - cents;
                    });
            return reply(next.cents(), next);
          }
        }
        """);
  }

  @TempDir Path folder;
  private Path plugins;

  @BeforeEach
  void install() throws IOException {
    plugins = Files.createDirectory(folder.resolve("plugins"));
    DaemonFixture.copyExamples(plugins);
    for (var jar : List.of(SHOP, NEXT_SHOP, BAD_SHOP, trial("1.0.0"), trial("2.0.0"))) {
      jar.writeTo(folder);
    }
    DaemonProgram.installCommandLine(folder);
  }

  @Test
  void whatThePageShowsIsWhatHappens() throws Exception {
    var differences = new SoftAssertions();
    var shown = 0;
    try (var daemon = new DaemonProgram(plugins)) {
      for (var block : BLOCK.matcher(Files.readString(PAGE)).results().toList()) {
        for (var command : COMMAND.matcher(block.group(1)).results().toList()) {
          differences
              .assertThat(comparable(output(start(daemon, command.group(1)))))
              .as(command.group(1))
              .isEqualTo(comparable(command.group(2)));
          shown++;
        }
      }
    }
    assertThat(shown).isGreaterThan(20);
    differences.assertAll();
  }

  @Test
  void everyCommandsHelpHasAnExampleThatWorks() throws Exception {
    var failures = new SoftAssertions();
    try (var daemon = new DaemonProgram(plugins);
        var first = GenServerClient.connect(daemon.address)) { // the connection that is closed
      first.ping(Duration.ofSeconds(5));
      for (var line : List.of("deploy trial-1.0.0.jar", "upgrade trial-2.0.0.jar --canary 50%")) {
        output(start(daemon, "genserver plugin " + line)); // for an example further down
      }
      var examples = examples(daemon, "");
      assertThat(examples).hasSizeGreaterThan(25);
      // This one ends the daemon.
      assertThat(examples.remove("genserver node drain")).isTrue();
      examples.add("genserver node drain");
      // This one ends when the process does, which is an example further down.
      assertThat(examples.remove("genserver monitor counter")).isTrue();
      var monitor = start(daemon, "genserver monitor counter");
      for (var example : examples) {
        var program = start(daemon, example);
        var output = output(program);
        failures.assertThat(program.exitValue()).as("%s: %s", example, output).isZero();
      }
      failures.assertThat(output(monitor)).contains("\"kind\":\"shutdown\"");
    }
    failures.assertAll();
  }

  /// Those of a command, and of all commands below it.
  private List<String> examples(DaemonProgram daemon, String command) throws Exception {
    var help = output(start(daemon, "genserver " + command + " --help"));
    var examples = new ArrayList<String>();
    EXAMPLE.matcher(help).results().forEach(example -> examples.add(example.group(1)));
    if (!command.isEmpty()) {
      assertThat(examples).as("examples of " + command).hasSize(1);
    }
    for (var list : SUBCOMMANDS.matcher(help).results().toList()) {
      for (var name : SUBCOMMAND.matcher(list.group(1)).results().toList()) {
        if (!name.group(1).equals("help")) {
          examples.addAll(examples(daemon, (command + " " + name.group(1)).strip()));
        }
      }
    }
    return examples;
  }

  private Process start(DaemonProgram daemon, String commands) throws IOException {
    var shell = new ProcessBuilder("bash", "-c", commands);
    var environment = shell.environment();
    environment.keySet().removeIf(name -> name.startsWith("GENSERVER"));
    environment.put("GENSERVER_URL", daemon.address);
    environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
    environment.merge("PATH", folder.resolve("scripts").toString(), (old, own) -> own + ":" + old);
    return shell
        .directory(folder.toFile())
        .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
        .redirectErrorStream(true)
        .start();
  }

  private static String output(Process program) throws IOException, InterruptedException {
    var output = new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(program.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return output;
  }

  /// Without what is different each time: pids, ports, times, rates, and the room that they take.
  private static String comparable(String output) {
    return output
        .replaceAll("<\\d+\\.\\d+>", "<pid>")
        .replaceAll("\"m-\\d+\"", "\"ref\"")
        .replaceAll("127\\.0\\.0\\.1:\\d+", "address")
        .replaceAll("\\d+(\\.\\d+)? (ms|s|min|h)\\b( \\d+ (s|min)\\b)?", "time")
        .replaceAll("(?m)^(done|a second) +[\\d,]+$", "$1 number")
        .replaceAll("[\\d,]+ MiB", "memory")
        .replaceAll("[\\d,]+ messages/s", "rate")
        .replaceAll("(?m)^ *\\d+ +address +-", "id address -")
        .replaceAll("(?m)(?:running|idle) .*%.* (\\w+)$", "rates $1")
        .replaceAll(" +", " ")
        .strip();
  }
}
