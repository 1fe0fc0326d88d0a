package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.BenchedProcess;
import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;

/// Something that is measured at each server.
sealed interface Cell {

  /// How it is called in tables.
  String name();

  Measured measure(BenchedProcess server, Span span) throws IOException;

  /// Calls, so many in flight over all connections.
  record Calls(int connections, int inFlight, int payload) implements Cell {

    @Override
    public String name() {
      var shape = connections + "x" + inFlight;
      return payload == 0
          ? shape
          : payload < 1024 ? shape + " " + payload + " B" : shape + " " + payload / 1024 + " KiB";
    }

    @Override
    public Measured measure(BenchedProcess server, Span span) throws IOException {
      return ClosedLoop.run(server, connections, inFlight, payload, span);
    }
  }

  /// Casts, until all are counted.
  record Casts(int connections) implements Cell {

    @Override
    public String name() {
      return "casts " + connections;
    }

    @Override
    public Measured measure(BenchedProcess server, Span span) throws IOException {
      return Casting.run(server, connections, span);
    }
  }

  /// Calls at a constant rate.
  record Paced(int connections, int rate) implements Cell {

    @Override
    public String name() {
      return "%,d/s".formatted(rate);
    }

    @Override
    public Measured measure(BenchedProcess server, Span span) throws IOException {
      return PacedCalls.run(server, connections, rate, id -> Frames.add(id, 0), span);
    }
  }

  static List<Cell> all() {
    var shapes =
        Stream.of(1, 16)
            .flatMap(connections ->
                Stream.of(connections, 64, 1024)
                    .map(inFlight -> new Calls(connections, inFlight, 0)));
    var payloads = Stream.of(50, 1024, 64 * 1024).map(payload -> new Calls(16, 64, payload));
    var others = Stream.of(new Casts(1), new Casts(16), new Paced(16, 10_000));
    return Stream.of(shapes, payloads, others).<Cell>flatMap(cells -> cells).toList();
  }

  /// One of each kind.
  static List<Cell> few() {
    return List.of(
        new Calls(1, 1, 0),
        new Calls(16, 64, 0),
        new Calls(16, 64, 64 * 1024),
        new Casts(16),
        new Paced(16, 1_000));
  }
}
