package dev.genserver.daemon;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.time.Duration;

/// The standard output and error of a daemon, which make nobody wait who writes to them.
///
/// Else a pipe that nobody reads would stop every thread that logs, event loops among them, and
/// every plugin that prints.
final class StandardStreams {

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final LossyOutput out;
  private final LossyOutput err;

  private StandardStreams(LossyOutput out, LossyOutput err) {
    this.out = out;
    this.err = err;
  }

  /// Takes the place of the JVM's. What is written last is still passed on when the JVM ends.
  static StandardStreams replace() {
    var out = new LossyOutput("stdout", new FileOutputStream(FileDescriptor.out));
    var err = new LossyOutput("stderr", new FileOutputStream(FileDescriptor.err));
    System.setOut(new PrintStream(out, true, Charset.defaultCharset()));
    System.setErr(new PrintStream(err, true, Charset.defaultCharset()));
    var streams = new StandardStreams(out, err);
    Runtime.getRuntime().addShutdownHook(new Thread(streams::drain, "standard-streams"));
    return streams;
  }

  /// Waits a moment until what was written is passed on.
  void drain() {
    try {
      err.drain(PATIENCE);
      out.drain(PATIENCE);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
