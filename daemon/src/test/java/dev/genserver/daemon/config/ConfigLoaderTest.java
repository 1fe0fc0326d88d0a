package dev.genserver.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.trace.TraceSettings;
import dev.genserver.sdk.Args;
import dev.genserver.sdk.Restart;
import dev.genserver.sdk.Strategy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

  @TempDir private Path folder;
  private Path file;

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("genserverd.yaml");
  }

  @Test
  void withoutAnythingSaidTheDefaultsApply() {
    var config = ConfigLoader.load(Optional.empty(), Map.of(), Map.of());
    assertThat(config.listen()).isEqualTo(new HostPort("127.0.0.1", 6470));
    assertThat(config.admin()).isEqualTo(new HostPort("127.0.0.1", 6471));
    assertThat(config.auth()).isEmpty();
    assertThat(config.plugins())
        .isEqualTo(
            new DaemonConfig.Plugins(
                Path.of("plugins"), true, OnProblem.SKIP, true, Duration.ofSeconds(30), Map.of()));
    assertThat(config.frame().maxBytes()).isEqualTo(1 << 20);
    assertThat(config.call()).isEqualTo(new DaemonConfig.Call(Duration.ofHours(1), false));
    assertThat(config.connection())
        .isEqualTo(
            new DaemonConfig.Connection(
                10_000,
                1_000,
                1_000,
                1024,
                1_024,
                Duration.ofSeconds(90),
                1 << 20,
                64 << 20,
                16 << 20,
                Duration.ofSeconds(10)));
    assertThat(config.mailbox().maxQueue()).isEqualTo(10_000);
    assertThat(config.shutdown().drain()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.traces())
        .isEqualTo(new TraceSettings(Optional.empty(), 0, Optional.empty(), "genserverd"));
    assertThat(config.processes()).isEmpty();
  }

  @Test
  void keysMayBeNestedOrWrittenInOne() {
    assertThat(load("frame:\n  max-bytes: 4096").frame().maxBytes()).isEqualTo(4096);
    assertThat(load("frame.max-bytes: 4_096").frame().maxBytes()).isEqualTo(4096);
  }

  @Test
  void flagsWinOverTheEnvironmentAndThatOverTheFile() {
    write("listen: 127.0.0.1:1\nplugins:\n  dir: from-file\n  on-problem: refuse\n");
    var config =
        ConfigLoader.load(
            Optional.of(file),
            Map.of("GENSERVERD_LISTEN", "127.0.0.1:2", "GENSERVERD_PLUGINS", "from-environment"),
            Map.of("--listen", "127.0.0.1:3"));
    assertThat(config.listen().port()).isEqualTo(3);
    assertThat(config.plugins())
        .isEqualTo(
            new DaemonConfig.Plugins(
                Path.of("from-environment"),
                false,
                OnProblem.REFUSE,
                true,
                Duration.ofSeconds(30),
                Map.of()));
  }

  @Test
  void everyEffectiveValueTellsWhereItCameFrom() {
    write("frame:\n  max-bytes: 2048\nprocesses:\n- name: hits\n  behaviour: counter\n");
    var config =
        ConfigLoader.load(
            Optional.of(file),
            Map.of("GENSERVERD_CALL_MAX_TIMEOUT", "2h"),
            Map.of("--shutdown-drain", "3s"));
    assertThat(config.effective())
        .contains(
            new EffectiveValue("listen", "127.0.0.1:6470", "default"),
            new EffectiveValue("frame.max-bytes", "2048", file + ":2"),
            new EffectiveValue("call.max-timeout", "2h", "GENSERVERD_CALL_MAX_TIMEOUT"),
            new EffectiveValue("shutdown.drain", "3s", "--shutdown-drain"),
            new EffectiveValue("processes.hits", "counter", file + ":4"))
        .hasSize(ConfigKey.all().size() + 1);
  }

  @Test
  void theEnvironmentMayNameTheFile() {
    write("listen: 127.0.0.1:9");
    var environment = Map.of("GENSERVERD_CONFIG", file.toString());
    assertThat(ConfigLoader.load(Optional.empty(), environment, Map.of()).listen().port())
        .isEqualTo(9);
  }

  @Test
  void emptyVariablesAndThoseOfOthersAreLeftAlone() {
    var environment =
        Map.of(
            "GENSERVERD_LISTEN",
            "",
            "PATH",
            "/bin",
            "GENSERVERD_HOME",
            "x",
            "GENSERVERD_JAVA_OPTS",
            "-Xmx1g");
    assertThat(ConfigLoader.load(Optional.empty(), environment, Map.of()).listen().port())
        .isEqualTo(6470);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "# nothing\n", "---\n", "frame:\n", "processes:\n", "processes: []"})
  void aFileMaySayNothing(String yaml) {
    assertThat(load(yaml).listen().port()).isEqualTo(6470);
  }

  @Test
  void processesAreReadWithTheirArguments() {
    var config =
        load(
            """
            mailbox:
              max-queue: 77
            processes:
              - name: hits
                behaviour: counter
              - name: limiter
                behaviour: ratelimiter
                args:
                  rate: 10
                  share: 0.5
                  strict: true
                  label: x
                  tiers: [1, {a: 2}]
                restart: transient
                max-queue: 5
                cpu-bound: true
                critical: true
            """);
    assertThat(config.processes())
        .map(ProcessConfig.class::cast)
        .satisfiesExactly(
            hits -> {
              assertThat(hits.name()).isEqualTo("hits");
              assertThat(hits.behaviour()).isEqualTo("counter");
              assertThat(hits.args().values()).isEmpty();
              assertThat(hits.restart()).isEqualTo(Restart.PERMANENT);
              assertThat(hits.maxQueue()).isEqualTo(77);
              assertThat(hits.cpuBound()).isFalse();
              assertThat(hits.critical()).isFalse();
              assertThat(hits.origin()).isEqualTo(file + ":4");
            },
            limiter -> {
              assertThat(limiter.args().values())
                  .isEqualTo(
                      Map.of(
                          "rate",
                          10L,
                          "share",
                          0.5,
                          "strict",
                          true,
                          "label",
                          "x",
                          "tiers",
                          List.of(1L, Map.of("a", 2L))));
              assertThat(limiter.restart()).isEqualTo(Restart.TRANSIENT);
              assertThat(limiter.maxQueue()).isEqualTo(5);
              assertThat(limiter.cpuBound()).isTrue();
              assertThat(limiter.critical()).isTrue();
            });
  }

  @Test
  void supervisorsAreReadWithTheirChildren() {
    var config =
        load(
            """
            processes:
              - name: shop
                strategy: rest-for-one
                intensity: 7
                period: 10m
                restart: transient
                children:
                  - name: stock
                    behaviour: kv
                  - name: desk
                    children:
                      - name: orders
                        behaviour: kv
                        critical: true
            """);
    assertThat(config.processes())
        .containsExactly(
            new SupervisorConfig(
                "shop",
                Strategy.REST_FOR_ONE,
                7,
                Duration.ofMinutes(10),
                Restart.TRANSIENT,
                List.of(
                    kv("stock", 8, false),
                    new SupervisorConfig(
                        "desk",
                        Strategy.ONE_FOR_ONE,
                        3,
                        Duration.ofSeconds(5),
                        Restart.PERMANENT,
                        List.of(kv("orders", 12, true)),
                        file + ":10")),
                file + ":2"));
    assertThat(config.criticalProcesses()).containsExactly("orders");
    assertThat(config.effective())
        .contains(
            new EffectiveValue("processes.shop", "rest-for-one", file + ":2"),
            new EffectiveValue("processes.orders", "kv", file + ":12"));
  }

  private ProcessConfig kv(String name, int line, boolean critical) {
    return new ProcessConfig(
        name, "kv", Args.none(), Restart.PERMANENT, 10_000, false, critical, file + ":" + line);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "frame.max-byte: 1 -> config 'frame.max-byte' (FILE:1) is unknown; did you mean"
            + " 'frame.max-bytes'?",
        "{frame: {max-byte: 1}} -> config 'frame.max-byte' (FILE:1) is unknown; did you mean"
            + " 'frame.max-bytes'?",
        "frames: {max-bytes: 2048} -> config 'frames' (FILE:1) is unknown; did you mean 'frame'?",
        "volume: 11 -> config 'volume' (FILE:1) is unknown",
        "listen: [1] -> config 'listen' (FILE:1) must be one value, is a list or a mapping",
        "listen: -> config 'listen' (FILE:1) has no value; give it one or remove the line",
        "frame: 3 -> config 'frame' (FILE:1) must hold settings; write them below it, indented",
        "frame: {max-bytes: 1023} -> config 'frame.max-bytes' (FILE:1) must be a whole number from"
            + " 1024 to 16777215, is '1023'",
        "frame: {max-bytes: 16777216} -> config 'frame.max-bytes' (FILE:1) must be a whole number"
            + " from 1024 to 16777215, is '16777216'",
        "frame: {max-bytes: 1.5e3} -> config 'frame.max-bytes' (FILE:1) must be a whole number"
            + " from 1024 to 16777215, is '1.5e3'",
        "connection: {max: -1} -> config 'connection.max' (FILE:1) must be a whole number from 1"
            + " to 1000000, is '-1'",
        "call: {max-timeout: 5} -> config 'call.max-timeout' (FILE:1) must be a time from 1ms to"
            + " 24h, such as 250ms, 5s, 10m or 1h, is '5'",
        "connection: {idle-timeout: 1ms} -> config 'connection.idle-timeout' (FILE:1) must be a"
            + " time from 1s to 24h, such as 250ms, 5s, 10m or 1h, is '1ms'",
        "call: {allow-infinity: maybe} -> config 'call.allow-infinity' (FILE:1) must be true or"
            + " false, is 'maybe'",
        "plugins: {on-problem: ignore} -> config 'plugins.on-problem' (FILE:1) must be skip or"
            + " refuse, is 'ignore'",
        "auth: basic -> config 'auth' (FILE:1) must be none, token, certificate, either or both, is 'basic'",
        "listen: '6470' -> config 'listen' (FILE:1) must be host:port with a port from 0 to 65535,"
            + " such as 127.0.0.1:6470 or [::1]:6470, is '6470'",
        "admin: localhost:65536 -> config 'admin' (FILE:1) must be host:port with a port from 0 to"
            + " 65535, such as 127.0.0.1:6470 or [::1]:6470, is 'localhost:65536'",
        "traces: {endpoint: 'localhost:4318'} -> config 'traces.endpoint' (FILE:1) must be the URL of"
            + " a collector without user, password and query, such as"
            + " http://localhost:4318/v1/traces, is 'localhost:4318'",
        "traces: {endpoint: 'http://me:secret@localhost/'} -> config 'traces.endpoint' (FILE:1) must"
            + " be the URL of a collector without user, password and query, such as"
            + " http://localhost:4318/v1/traces, is 'http://me:secret@localhost/'",
        "traces: {sample: 1.5} -> config 'traces.sample' (FILE:1) must be a number from 0 to 1, such"
            + " as 0.25, is '1.5'",
        "traces: {service-name: ' '} -> config 'traces.service-name' (FILE:1) must be a name of at"
            + " most 255 characters, is ' '",
        "[1, 2] -> config file FILE must hold settings, such as 'listen: 127.0.0.1:6470'",
        "processes: 3 -> config 'processes' (FILE:1) must be a list; begin each of them with"
            + " '- name: …'",
        "plugins: {config: [shop]} -> config 'plugins.config' (FILE:1) must hold a section for each"
            + " plugin, under the plugin's id",
        "plugins: {config: {shop: 3}} -> config 'plugins.config.shop' (FILE:1) must hold what the"
            + " plugin takes, each as 'name: value'",
        "plugins: {confg: {shop: {}}} -> config 'plugins.confg' (FILE:1) is unknown; did you mean"
            + " 'plugins.config'?",
        "{plugins: {config: {a: }}, plugins.config: {b: }} -> config 'plugins.config' (FILE:1) is"
            + " there twice, first in line 1; put them into one"
      })
  void whatCannotBeInTheFileIsToldWithItsLine(String yaml, String problem) {
    assertThat(problems(yaml)).containsExactly(problem.replace("FILE", file.toString()));
  }

  @Test
  void configurationsOfPluginsAreKeptAndShownWithReferencesForSecrets() {
    var config =
        load(
            """
            plugins:
              config:
                shop:
                  currency: EUR
                  limits: {eu: 3}
                  tags: [a, b]
                  api-key: {file: /run/secrets/shop}
                kv:
            """);
    assertThat(config.plugins().sections()).containsOnlyKeys("shop", "kv");
    assertThat(config.effective())
        .filteredOn(value -> value.key().startsWith("plugins.config"))
        .containsExactly(
            new EffectiveValue("plugins.config.shop.currency", "EUR", file + ":4"),
            new EffectiveValue("plugins.config.shop.limits.eu", "3", file + ":5"),
            new EffectiveValue("plugins.config.shop.tags", "[a, b]", file + ":6"),
            new EffectiveValue(
                "plugins.config.shop.api-key", "{file: /run/secrets/shop}", file + ":7"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " -> ",
      quoteCharacter = '`',
      value = {
        "[hits] -> config 'processes[0]' (FILE:1) must have a name and a behaviour, or a name and"
            + " children",
        "[{behaviour: b}] -> config 'processes[0].name' (FILE:1) is missing; every process needs a"
            + " name and a behaviour, every supervisor a name and children",
        "[{name: a}] -> config 'processes[0].behaviour' (FILE:1) is missing; every process needs a"
            + " name and a behaviour, every supervisor a name and children",
        "[{name: a, behavior: b, behaviour: b}] -> config 'processes[0].behavior' (FILE:1) is"
            + " unknown; did you mean 'behaviour'?",
        "[{name: a, behaviour: b, restart: often}] -> config 'processes[0].restart' (FILE:1) must"
            + " be permanent, transient or temporary, is 'often'",
        "[{name: a, behaviour: b, max-queue: 0}] -> config 'processes[0].max-queue' (FILE:1) must"
            + " be a whole number from 1 to 10000000, is '0'",
        "[{name: a, behaviour: b, cpu-bound: 2}] -> config 'processes[0].cpu-bound' (FILE:1) must"
            + " be true or false, is '2'",
        "[{name: a, behaviour: b, critical: perhaps}] -> config 'processes[0].critical' (FILE:1)"
            + " must be true or false, is 'perhaps'",
        "[{name: a, behaviour: b, args: [1]}] -> config 'processes[0].args' (FILE:1) must hold"
            + " arguments, each as 'name: value'",
        "[{name: a, behaviour: b, args: {x: }}] -> config 'processes[0].args.x' (FILE:1) has no"
            + " value; give it one or remove the line",
        "[{name: <a>, behaviour: b}] -> config 'processes[0].name' (FILE:1) cannot be: '<a>' is no"
            + " name; it must not be empty, begin with '<' or hold control characters",
        "[{name: sys.a, behaviour: b}] -> config 'processes[0].name' (FILE:1) begins with 'sys.',"
            + " which is kept for the daemon; rename it",
        "[{name: a, behaviour: b}, {name: a, behaviour: c}] -> config 'processes[1].name' (FILE:1)"
            + " is 'a' again, first in line 1; rename one",
        "[{name: s, children: []}] -> config 'processes[0].children' (FILE:1) must be a list of at"
            + " least one child; begin each with '- name: …'",
        "[{name: s, strategy: one-for-one}] -> config 'processes[0].children' (FILE:1) must be a"
            + " list of at least one child; begin each with '- name: …'",
        "[{name: s, strategy: one_for_all, children: [{name: a, behaviour: b}]}] -> config"
            + " 'processes[0].strategy' (FILE:1) must be one-for-one, one-for-all or"
            + " rest-for-one, is 'one_for_all'",
        "[{name: s, stratgy: one-for-all, children: [{name: a, behaviour: b}]}] -> config"
            + " 'processes[0].stratgy' (FILE:1) is unknown; did you mean 'strategy'?",
        "[{name: s, intensity: -1, children: [{name: a, behaviour: b}]}] -> config"
            + " 'processes[0].intensity' (FILE:1) must be a whole number from 0 to 1000000, is"
            + " '-1'",
        "[{name: s, period: 5, children: [{name: a, behaviour: b}]}] -> config"
            + " 'processes[0].period' (FILE:1) must be a time from 1ms to 24h, such as 250ms, 5s,"
            + " 10m or 1h, is '5'",
        "[{name: s, behaviour: b, children: [{name: a, behaviour: b}]}] -> config 'processes[0]'"
            + " (FILE:1) has a behaviour and children; what has children is a supervisor, so give"
            + " the behaviour to one of them",
        "[{name: s, children: [{name: a, behavior: b, behaviour: b}]}] -> config"
            + " 'processes[0].children[0].behavior' (FILE:1) is unknown; did you mean 'behaviour'?",
        "[{name: s, children: [{name: s, behaviour: b}]}] -> config"
            + " 'processes[0].children[0].name' (FILE:1) is 's' again, first in line 1; rename one"
      })
  void aProcessThatCannotBeIsToldWithItsLine(String processes, String problem) {
    assertThat(problems("processes: " + processes))
        .containsExactly(problem.replace("FILE", file.toString()));
  }

  @Test
  void allProblemsAreToldAtOnceEachWithItsPlace() {
    write(
        """
        listen: nowhere
        frame:
          max-bytes: 1
          max-byte: 2
        listen: 127.0.0.1:1
        frame.max-bytes: 2048
        """);
    var environment =
        Map.of("GENSERVERD_ADMIN", "x", "GENSERVERD_FRAME_MAX_BYTE", "1", "GENSERVERD_XYZ", "1");
    var flags = Map.of("--connection-max", "many");
    assertThat(problems(Optional.of(file), environment, flags))
        .satisfiesExactly(
            twice ->
                assertThat(twice)
                    .isEqualTo(
                        "config 'listen' (%s:5) is there twice, first in line 1; remove one"
                            .formatted(file)),
            range ->
                assertThat(range)
                    .startsWith("config 'frame.max-bytes' (%s:3) must be".formatted(file)),
            unknown ->
                assertThat(unknown)
                    .startsWith("config 'frame.max-byte' (%s:4) is unk".formatted(file)),
            again ->
                assertThat(again)
                    .isEqualTo(
                        ("config 'frame.max-bytes' (%s:6) is there twice, first in line 3; remove"
                                + " one")
                            .formatted(file)),
            variable ->
                assertThat(variable).startsWith("config 'admin' (GENSERVERD_ADMIN) must be host"),
            slip ->
                assertThat(slip)
                    .isEqualTo(
                        "environment variable GENSERVERD_FRAME_MAX_BYTE is unknown; did you mean"
                            + " GENSERVERD_FRAME_MAX_BYTES?"),
            other -> assertThat(other).isEqualTo("environment variable GENSERVERD_XYZ is unknown"),
            flag ->
                assertThat(flag)
                    .isEqualTo(
                        "config 'connection.max' (--connection-max) must be a whole number from 1"
                            + " to 1000000, is 'many'"));
  }

  @Test
  void aFileThatIsNotThereOrNoYamlIsOneProblem() {
    assertThat(problems(Optional.of(file), Map.of(), Map.of()))
        .containsExactly("config file " + file + " does not exist; create it, or name another");
    assertThat(problems("a: [1\nb: }"))
        .singleElement()
        .asString()
        .startsWith("config file " + file + ":2 is no YAML: ");
    assertThat(problems("listen: 127.0.0.1:1\n---\nlisten: 127.0.0.1:2\n"))
        .containsExactly("config file " + file + ":3 has a second document; keep one");
    assertThat(problems("listen: &x 127.0.0.1:1\nadmin: *x\n"))
        .first()
        .isEqualTo("config 'admin' (" + file + ":2) is an alias; write the value out");
  }

  @Test
  void anUnknownFlagIsAProblem() {
    assertThat(problems(Optional.empty(), Map.of(), Map.of("--volume", "11")))
        .containsExactly("flag --volume is unknown");
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:0", "127.9.9.9:1", "localhost:1", "[::1]:6470"})
  void loopbackNeedsNoLogin(String address) {
    var config = ConfigLoader.load(Optional.empty(), Map.of(), Map.of("--listen", address));
    assertThat(config.listen()).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0:6470", "[::]:6470", "192.0.2.1:0"})
  void anAddressForOthersNeedsAuthNoneInSoManyWords(String address) {
    assertThat(problems(Optional.empty(), Map.of("GENSERVERD_LISTEN", address), Map.of()))
        .containsExactly(
            "config 'listen' (GENSERVERD_LISTEN) is "
                + address
                + ", which other machines can reach, and nobody has to log in; set 'auth: token'"
                + " (GENSERVERD_AUTH=token) and 'tokens.dir' (GENSERVERD_TOKENS_DIR=DIR; a file in it"
                + " is called as a principal and holds its token) or 'tokens.file' ('genserverd token"
                + " create NAME' makes it), use 127.0.0.1, or let in everyone who reaches it with"
                + " 'auth: none' (GENSERVERD_AUTH=none, --auth none)");
    assertThat(problems(Optional.empty(), Map.of(), Map.of("--admin", address)))
        .singleElement()
        .asString()
        .startsWith("config 'admin' (--admin) is " + address);
    assertThat(
            problems(Optional.empty(), Map.of(), Map.of("--listen", address, "--admin", address)))
        .singleElement()
        .asString()
        .startsWith(
            "config 'listen' (--listen) is %1$s and config 'admin' (--admin) is %1$s, which other"
                .formatted(address));
    var config =
        ConfigLoader.load(
            Optional.empty(),
            Map.of("GENSERVERD_AUTH", "none"),
            Map.of("--listen", address, "--admin", address));
    assertThat(config.listen()).hasToString(address);
    assertThat(config.auth()).contains(Auth.NONE);
  }

  @Test
  void aHostThatIsNotKnownIsAProblem() {
    assertThat(problems(Optional.empty(), Map.of(), Map.of("--listen", "no.such.invalid:1")))
        .containsExactly(
            "config 'listen' (--listen) names the host 'no.such.invalid', which is not known; use"
                + " an address of this machine");
  }

  private DaemonConfig load(String yaml) {
    write(yaml);
    return ConfigLoader.load(Optional.of(file), Map.of(), Map.of());
  }

  private List<String> problems(String yaml) {
    write(yaml);
    return problems(Optional.of(file), Map.of(), Map.of());
  }

  private static List<String> problems(
      Optional<Path> file, Map<String, String> environment, Map<String, String> flags) {
    return catchThrowableOfType(
            ConfigException.class, () -> ConfigLoader.load(file, environment, flags))
        .problems();
  }

  private void write(String yaml) {
    try {
      Files.writeString(file, yaml);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
