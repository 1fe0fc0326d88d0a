package dev.genserver.conformance;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/// One run of a row: the daemon as it sees it. What the row opens is closed at its end.
final class Trial implements AutoCloseable {

  /// The row cannot be held against this daemon.
  static final class Skipped extends Exception {

    private static final long serialVersionUID = 1;

    Skipped(String why) {
      super(why);
    }
  }

  private final Server server;
  private final List<Peer> opened = new ArrayList<>();
  private final List<Probe> probes = new ArrayList<>();
  private @Nullable Peer control;

  Trial(Server server) {
    this.server = server;
  }

  // Connections.

  /// A framed connection.
  Peer connect() throws IOException {
    return server.logIn(connectRaw());
  }

  /// A connection in line mode.
  Peer connectLines() throws IOException {
    return server.logIn(keep(new Peer(server.connect(0), Peer.Format.LINES)));
  }

  /// A connection with a small window, so that answers pile up soon.
  Peer connectNarrow() throws IOException {
    return server.logIn(keep(new Peer(server.connect(4096), Peer.Format.FRAMES)));
  }

  /// A connection that nothing was sent over yet, not even a login.
  Peer connectRaw() throws IOException {
    return keep(new Peer(server.connect(0), Peer.Format.FRAMES));
  }

  /// A connection without TLS, whatever the daemon speaks.
  Peer connectPlain(Peer.Format format) throws IOException {
    return keep(new Peer(server.address().connect(0), format));
  }

  /// A connection with this version of TLS.
  ///
  /// @throws Skipped if the daemon speaks none
  Peer connectTls(String version) throws IOException, Skipped {
    var trust = server.trust().orElseThrow(() -> new Skipped("needs a daemon that speaks TLS"));
    var plain = server.address().connect(0);
    return keep(new Peer(trust.over(plain, server.address(), version), Peer.Format.FRAMES));
  }

  /// The token of a principal.
  ///
  /// @throws Skipped if the daemon knows none
  String token(String principal) throws Skipped {
    var token = server.tokens().get(principal);
    if (token == null) {
      throw new Skipped("needs a token of '%s'".formatted(principal));
    }
    return token;
  }

  /// What is asked over a connection.
  interface Question {
    Answer ask(Peer peer) throws IOException;
  }

  /// Asks over a connection that is closed again.
  Answer connectOnce(Question question) throws IOException {
    try (var peer = server.logIn(new Peer(server.connect(0), Peer.Format.FRAMES))) {
      return question.ask(peer);
    }
  }

  private Peer keep(Peer peer) {
    opened.add(peer);
    return peer;
  }

  // Processes.

  /// A process for this row alone.
  ///
  /// @throws Skipped if the daemon has not got the plugin
  Probe probe() throws IOException, Skipped {
    return probe(Probe.DEFAULT_QUEUE);
  }

  /// @param maxQueue the bound of its mailbox
  Probe probe(int maxQueue) throws IOException, Skipped {
    if (control == null) {
      control = connect();
      server.requirePlugin(control);
    }
    var unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    var probe = Probe.start(control, "conformance." + unique, maxQueue);
    probes.add(probe);
    return probe;
  }

  // The daemon itself.

  /// The program, if this suite has started it.
  ///
  /// @throws Skipped if it has not
  DaemonProgram program() throws Skipped {
    return server.program();
  }

  @Override
  public void close() throws IOException {
    // A daemon that was told to end does not take this any more.
    if (server.isRunning() && !probes.isEmpty()) {
      // The row may have left its own connections to the probes too long in silence.
      try (var fresh = server.logIn(new Peer(server.connect(0), Peer.Format.FRAMES))) {
        for (var probe : probes) {
          probe.end(fresh);
        }
      }
    }
    opened.forEach(Peer::close);
  }
}
