package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A daemon in a JVM of its own, on a free port of loopback. Thread-safe.
public final class DaemonProgram implements AutoCloseable {

  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();

  private static final String READY = " ready on ";
  private static final int SECONDS_TO_END = 30;

  private final Process process;
  private final Path log;
  private final Address address;
  private volatile boolean terminated;

  /// Starts one and waits until it is ready.
  ///
  /// @param home the folder of the repository, which has been built
  /// @param log where its log goes; overwritten
  /// @param jvmOptions flags of the JVM, beside those that the daemon is shipped with
  /// @param flags flags of the daemon
  public DaemonProgram(
      Path home, Path plugins, Path log, List<String> jvmOptions, List<String> flags)
      throws IOException {
    var command = new ArrayList<>(List.of(JAVA, "@" + home.resolve("daemon/jvm.options")));
    command.addAll(jvmOptions);
    command.addAll(
        List.of("-jar", jar(home).toString(), "--listen=127.0.0.1:0", "--plugins=" + plugins));
    command.addAll(flags);
    this.log = log;
    this.process = new ProcessBuilder(command).redirectError(log.toFile()).start();
    this.address = awaitReady(process.inputReader(StandardCharsets.UTF_8));
  }

  private Address awaitReady(BufferedReader output) throws IOException {
    for (String line; (line = output.readLine()) != null; ) {
      if (line.contains(READY)) {
        return Address.parse(line.substring(line.indexOf(READY) + READY.length()));
      }
    }
    throw new IOException("the daemon did not start: " + log());
  }

  static Path jar(Path home) {
    return home.resolve("daemon/target/genserverd.jar");
  }

  Address address() {
    return address;
  }

  /// Where it listens.
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(address.host(), address.port());
  }

  /// The id that the system knows it by.
  public long pid() {
    return process.pid();
  }

  /// Whether it has neither ended nor been told to.
  boolean isRunning() {
    return process.isAlive() && !terminated;
  }

  /// What it has logged so far.
  public String log() throws IOException {
    return Files.readString(log);
  }

  /// Tells it to end, and does not wait.
  void terminate() {
    terminated = true;
    process.toHandle().destroy();
  }

  /// Waits for its end.
  ///
  /// @return its exit code
  int awaitEnd() throws InterruptedException {
    demand(
        process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS),
        "the daemon did not end within %d s",
        SECONDS_TO_END);
    return process.exitValue();
  }

  /// Ends it at once.
  @Override
  public void close() {
    process.destroyForcibly();
  }
}
