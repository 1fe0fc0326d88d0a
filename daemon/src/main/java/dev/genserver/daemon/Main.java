package dev.genserver.daemon;

import dev.genserver.daemon.config.ConfigException;
import dev.genserver.daemon.config.HostPort;
import dev.genserver.daemon.net.ServiceManager;
import java.util.List;

/// `genserverd`: runs the daemon, prints its configuration, makes tokens and certificates.
public final class Main {

  /// The configuration cannot be used; EX_CONFIG.
  static final int BAD_CONFIG = 78;

  /// The daemon does not start; EX_UNAVAILABLE.
  private static final int NOT_STARTED = 69;

  private Main() {}

  /// Runs one command; `run` where none is said.
  public static void main(String[] args) {
    var line = StartLine.parse(args);
    var code = line == null ? Commands.commandLine().execute(args) : exitCode(() -> run(line));
    if (code != 0) {
      System.exit(code);
    }
  }

  /// What a command does.
  interface Action {

    /// Does it; gives the exit code.
    int run() throws StartException;
  }

  /// Runs it, and tells what keeps it from being done.
  static int exitCode(Action action) {
    try {
      return action.run();
    } catch (ConfigException e) {
      return complain(e.problems(), BAD_CONFIG);
    } catch (StartException e) {
      return complain(e.problems(), NOT_STARTED);
    }
  }

  static int complain(List<String> problems, int code) {
    problems.forEach(System.err::println);
    return code;
  }

  /// Starts the daemon, which goes on after this returns.
  static int run(StartLine line) throws StartException {
    // Else a client could have the daemon make new keys again and again.
    System.setProperty("jdk.tls.rejectClientInitiatedRenegotiation", "true");
    var streams = StandardStreams.replace();
    var config = line.load();
    var daemon = Daemon.start(line::load);
    // The host as it was configured: the socket may know it by another name.
    var address = new HostPort(config.listen().host(), daemon.address().getPort());
    var status = "ready on " + address;
    var manager = ServiceManager.of(System.getenv());
    Signals.endOn(daemon, streams, manager, status);
    System.out.printf("genserverd %s %s%n", Version.current(), status);
    manager.ready(status);
    return 0;
  }
}
