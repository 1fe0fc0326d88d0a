package dev.genserver.benchmarks;

import dev.genserver.testkit.PluginJar;

/// A plugin whose process writes down what it is asked, in a file that outlives the daemon.
final class LedgerPlugin {

  /// The environment variables that say which file, and which daemon writes into it.
  static final String FILE = "LEDGER_FILE";

  static final String DAEMON = "LEDGER_DAEMON";

  private LedgerPlugin() {}

  static PluginJar jar() {
    return PluginJar.of("ledger", "1.0.0")
        .source(
            "ledger.Ledger",
            """
            package ledger;

            import dev.genserver.sdk.*;
            import java.io.*;
            import java.nio.charset.StandardCharsets;

            public final class Ledger extends GenServer<OutputStream, Ledger.Call, Ledger.Cast> {

              public sealed interface Call {
                record Note(int worker, int seq) implements Call {}
                record UsedMemory() implements Call {}
              }

              public sealed interface Cast {
                record Note(int worker, int seq) implements Cast {}
              }

              public Init<OutputStream> init(Args args) {
                try {
                  return ok(new FileOutputStream(System.getenv("LEDGER_FILE"), true));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }

              public CallResult<OutputStream> handleCall(Call request, From from, OutputStream out) {
                return switch (request) {
                  case Call.Note(int worker, int seq) -> { note(worker, seq, out); yield reply(seq, out); }
                  case Call.UsedMemory() -> reply(usedMemory(), out);
                };
              }

              public Result<OutputStream> handleCast(Cast message, OutputStream out) {
                return switch (message) {
                  case Cast.Note(int worker, int seq) -> { note(worker, seq, out); yield noReply(out); }
                };
              }

              private static void note(int worker, int seq, OutputStream out) {
                var line = System.getenv("LEDGER_DAEMON") + " " + worker + " " + seq + "\\n";
                try {
                  out.write(line.getBytes(StandardCharsets.US_ASCII));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              }

              private static long usedMemory() {
                System.gc();
                var runtime = Runtime.getRuntime();
                return runtime.totalMemory() - runtime.freeMemory();
              }
            }
            """)
        .plugin(
            "ledger.LedgerPlugin",
            """
            package ledger;

            import dev.genserver.sdk.*;
            import java.util.List;

            public final class LedgerPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of();
              }

              public List<ChildSpec> children() {
                return List.of(ChildSpec.named("ledger", Ledger::new));
              }
            }
            """);
  }
}
