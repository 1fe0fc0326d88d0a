package dev.genserver.daemon.admin;

import dev.genserver.daemon.Daemon;
import dev.genserver.daemon.StartException;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.protocol.RawJson;
import dev.genserver.testkit.PluginJar;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// A daemon on a free port with one plugin, and the operator who asks it over a socket.
final class Hosted implements AutoCloseable {

  /// Its process `subject` counts, sleeps and crashes as it is told; `inner.one` is one more under
  /// a supervisor of its own; `shy` does not run, as its init says ignore.
  private static final PluginJar PLUGIN =
      PluginJar.of("subjects", "1.0.0")
          .source(
              "subjects.Subject",
              """
              package subjects;
              import dev.genserver.sdk.*;
              public final class Subject extends GenServer<Subject.State, Subject.Call, Subject.Cast> {
                public record State(long total) {}
                public sealed interface Call {
                  record Get() implements Call {}
                  record Add(long by) implements Call {}
                  record Sleep(long millis) implements Call {}
                  record Crash() implements Call {}
                }
                public sealed interface Cast {
                  record Add(long by) implements Cast {}
                }
                @Override public Init<State> init(Args args) {
                  if (args.booleanOr("shy", false)) { return ignore(); }
                  if (args.booleanOr("broken", false)) { throw new IllegalStateException("broken"); }
                  return ok(new State(args.longOr("start", 0)));
                }
                @Override public CallResult<State> handleCall(Call request, From from, State state) {
                  return switch (request) {
                    case Call.Get() -> reply(state.total(), state);
                    case Call.Add(long by) -> reply(state.total() + by, new State(state.total() + by));
                    case Call.Sleep(long millis) -> { sleep(millis); yield reply("slept", state); }
                    case Call.Crash() -> throw new IllegalStateException("told to");
                  };
                }
                @Override public Result<State> handleCast(Cast message, State state) {
                  return switch (message) {
                    case Cast.Add(long by) -> noReply(new State(state.total() + by));
                  };
                }
                private static void sleep(long millis) {
                  try {
                    Thread.sleep(millis);
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                }
              }
              """)
          .plugin(
              "subjects.SubjectsPlugin",
              """
              package subjects;
              import dev.genserver.sdk.*;
              import java.util.List;
              public final class SubjectsPlugin implements Plugin {
                @Override public List<Behaviour<?>> behaviours() {
                  return List.of(Behaviour.of("subject", Subject.class, Subject::new));
                }
                @Override public List<ChildSpec> children() {
                  return List.of(
                      ChildSpec.named("subject", Subject::new),
                      ChildSpec.supervisor(
                          "inner",
                          SupervisorSpec.oneForOne(
                              List.of(ChildSpec.named("inner.one", Subject::new)))),
                      ChildSpec.worker(
                          "shy",
                          Subject::new,
                          StartOptions.none().args(Args.of("shy", true))));
                }
              }
              """);

  final Daemon daemon;

  private Hosted(Daemon daemon) {
    this.daemon = daemon;
  }

  static Hosted start(Path folder) throws StartException {
    PLUGIN.writeTo(folder);
    var flags =
        Map.of(
            "--listen", "127.0.0.1:0",
            "--plugins", folder.toString(),
            "--plugins-on-problem", "refuse");
    return new Hosted(Daemon.start(ConfigLoader.load(Optional.empty(), Map.of(), flags)));
  }

  /// The answer of a call: its whole envelope.
  Map<?, ?> call(String to, String msg, long timeoutMillis) {
    return send(
        "{\"op\":\"call\",\"id\":1,\"to\":\"%s\",\"msg\":%s,\"timeout_ms\":%d}\n"
            .formatted(to, msg, timeoutMillis));
  }

  /// Comes back when the message is in the mailbox.
  void cast(String to, String msg) {
    send("{\"op\":\"cast\",\"id\":1,\"to\":\"%s\",\"msg\":%s}\n".formatted(to, msg));
  }

  private Map<?, ?> send(String line) {
    try (var socket = new Socket(daemon.address().getAddress(), daemon.address().getPort())) {
      socket.setSoTimeout(20_000);
      socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      return (Map<?, ?>) RawJson.of(in.readLine()).toValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What `sys.processes` replies.
  @Nullable Object ask(String msg) {
    var answer = call(SysProcesses.NAME, msg, 5_000);
    if (!answer.containsKey("result")) {
      throw new AssertionError("no reply: " + answer);
    }
    return answer.get("result");
  }

  CompletableFuture<@Nullable Object> asking(String msg) {
    return CompletableFuture.supplyAsync(() -> ask(msg));
  }

  /// What `subject`, or another of its kind, replies.
  @Nullable Object tell(String process, String msg) {
    return call(process, msg, 5_000).get("result");
  }

  /// The error with which `sys.processes` refuses.
  Map<?, ?> refusal(String msg) {
    return error(call(SysProcesses.NAME, msg, 5_000));
  }

  static Map<?, ?> error(Map<?, ?> answer) {
    if (answer.get("error") instanceof Map<?, ?> error) {
      return error;
    }
    throw new AssertionError("no error: " + answer);
  }

  @SuppressWarnings("unchecked")
  static List<Map<String, Object>> list(@Nullable Object reply) {
    return (List<Map<String, Object>>) reply;
  }

  @SuppressWarnings("unchecked")
  static Map<String, Object> map(@Nullable Object reply) {
    return (Map<String, Object>) reply;
  }

  @Override
  public void close() {
    daemon.close();
  }
}
