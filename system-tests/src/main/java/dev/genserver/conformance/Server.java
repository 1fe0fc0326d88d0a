package dev.genserver.conformance;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.net.Socket;
import java.util.Map;
import java.util.Optional;

/// A daemon that rows are held against: where it is, and how to get in.
///
/// @param tokens by principal; the suite logs in by that of [#OPERATOR], if there is one
/// @param trust by which it speaks TLS, if it does
/// @param started the program, if this suite has started it
record Server(
    Address address,
    Map<String, String> tokens,
    Optional<Trust> trust,
    Optional<DaemonProgram> started) {

  /// The principal that may do everything.
  static final String OPERATOR = "operator";

  /// Opens a connection. All connections of the suite are made here.
  Socket connect(int receiveBuffer) throws IOException {
    var plain = address.connect(receiveBuffer);
    return trust.isPresent() ? trust.get().over(plain, address) : plain;
  }

  /// Logs a new connection in, if there is a token.
  Peer logIn(Peer peer) throws IOException {
    var token = tokens.get(OPERATOR);
    if (token != null) {
      peer.ask(Requests.with(Requests.hello("login"), "\"token\":\"%s\"".formatted(token)))
          .is("welcome");
    }
    return peer;
  }

  /// @throws Skipped if the daemon has not got the plugin
  void requirePlugin(Peer peer) throws IOException, Skipped {
    var answer = peer.ask(Requests.call("there?", "conformance", "\"there\""));
    if (answer.json().path("error").path("code").asString("").equals("noproc")) {
      throw new Skipped("needs the plugin 'conformance' in the daemon's plugin folder");
    }
  }

  DaemonProgram program() throws Skipped {
    return started.orElseThrow(() -> new Skipped("needs a daemon that this suite has started"));
  }

  boolean isRunning() {
    return started.map(DaemonProgram::isRunning).orElse(true);
  }
}
