package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.BuiltDaemon;
import dev.genserver.benchmarks.Options;
import dev.genserver.protocol.JsonWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Measures the daemon beside echoes that do less.
///
/// All servers are there all the time. They take turns at each cell, in another order each round,
/// so that what is compared was measured within seconds.
public final class Wire {

  /// One server at one cell in one round.
  record Result(int round, String server, Cell cell, Measured measured) {}

  private final List<Server> servers;
  private final List<Result> results = new ArrayList<>();

  private Wire(List<Server> servers) {
    this.servers = servers;
  }

  /// Takes `--quick`, `--rounds N`, `--json`, `--plots FOLDER`, `--only CELL…` and `--daemon
  /// [NAME=]JAR[ OPTION…]…`.
  public static void main(String[] args) throws IOException {
    var options = Options.of(args);
    var cells = options.has("--quick") ? Cell.few() : Cell.all();
    var results =
        run(
            Options.root(),
            BuiltDaemon.of(Options.root(), options.all("--daemon")),
            options.only(cells, "cell", Cell::name),
            options.has("--quick"),
            (int) options.number("--rounds", options.has("--quick") ? 1 : 3));
    if (options.has("--json")) {
      results.forEach(result -> System.out.println(json(result)));
    } else {
      System.out.print(new WireReport(results));
    }
    if (options.has("--plots")) {
      WirePlots.write(results, Path.of(options.text("--plots").orElseThrow()));
    }
  }

  /// Measures these daemons, with the counter that was built in the project at `root`.
  static List<Result> run(
      Path root, List<BuiltDaemon> daemons, List<Cell> cells, boolean quick, int rounds)
      throws IOException {
    var servers = new ArrayList<Server>();
    try {
      for (var daemon : daemons) {
        servers.add(Server.daemon(root, daemon));
      }
      for (var kind : Echo.Kind.values()) {
        servers.add(Server.echo(root, kind));
      }
      var wire = new Wire(servers);
      wire.warmUp(quick ? 0.3 : 5);
      for (var round = 0; round < rounds; round++) {
        wire.round(round, cells, quick ? new Span(0.1, 0.4) : new Span(0.3, 1.5));
      }
      return wire.results;
    } finally {
      for (var server : servers) {
        server.close();
      }
    }
  }

  /// Twice, as the first server also warms the client up.
  private void warmUp(double seconds) throws IOException {
    for (var i = 0; i < 2; i++) {
      for (var server : servers) {
        ClosedLoop.run(server.process(), 16, 64, 0, new Span(0, seconds / 2));
      }
    }
  }

  private void round(int number, List<Cell> cells, Span span) throws IOException {
    for (var cell : cells) {
      for (var i = 0; i < servers.size(); i++) {
        var server = servers.get((i + number) % servers.size());
        if (server.can(cell)) {
          var measured = cell.measure(server.process(), span);
          results.add(new Result(number, server.name(), cell, measured));
        }
      }
    }
  }

  private static String json(Result result) {
    var measured = result.measured();
    var fields = new LinkedHashMap<String, @Nullable Object>();
    fields.put("round", result.round());
    fields.put("server", result.server());
    fields.put("cell", result.cell().name());
    fields.put("per_second", measured.perSecond());
    fields.put("failed", measured.failed());
    fields.put("server_us", measured.serverMicros());
    fields.put("client_us", measured.clientMicros());
    fields.put("server_switches", measured.switches());
    fields.put("p50_ms", measured.millis(0.5));
    fields.put("p99_ms", measured.millis(0.99));
    fields.put("longest_ms", measured.millis(1));
    fields.put("others", measured.others());
    fields
        .values()
        .removeIf(value -> value instanceof Double number && number.isNaN()); // what there is not
    return new JsonWriter().value(fields).toRawJson().toString();
  }
}
