package dev.genserver.conformance;

import dev.genserver.conformance.Trial.Skipped;
import java.io.IOException;
import java.net.Socket;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A daemon that rows are held against: where it is, and how to get in.
///
/// @param token what to log in with; null where no login is wanted
/// @param started the program, if this suite has started it
record Server(Address address, @Nullable String token, Optional<DaemonProgram> started) {

  /// Opens a connection. All connections of the suite are made here.
  Socket connect(int receiveBuffer) throws IOException {
    return address.connect(receiveBuffer);
  }

  /// Logs a new connection in, if there is a token.
  Peer logIn(Peer peer) throws IOException {
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
