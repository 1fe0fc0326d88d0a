package dev.genserver.cli;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The whole of a terminal for one command, which leaves it as it found it, by Ctrl-C too.
///
/// Keys come without Enter where there is `stty`; elsewhere Ctrl-C is the only one.
final class Terminal implements AutoCloseable {

  private static final File TTY = new File("/dev/tty");
  private static final String OTHER_PAGE = "\033[?1049h\033[?25l";
  private static final String FIRST_PAGE = "\033[?25h\033[?1049l";
  private static final int ROWS = 24;

  private final Shell shell;
  private final String before;
  private final Thread restoring = new Thread(this::restore);
  private boolean restored;

  private Terminal(Shell shell, String before) {
    this.shell = shell;
    this.before = before;
  }

  static Terminal open(Shell shell) {
    var terminal = new Terminal(shell, stty("-g"));
    Runtime.getRuntime().addShutdownHook(terminal.restoring);
    if (!terminal.before.isEmpty()) {
      stty("-icanon", "-echo");
    }
    shell.print(OTHER_PAGE);
    return terminal;
  }

  /// How many lines it has.
  int rows() {
    var size = stty("size");
    try {
      int rows = Integer.parseInt(size, 0, Math.max(0, size.indexOf(' ')), 10);
      return rows > 0 ? rows : ROWS;
    } catch (NumberFormatException _) {
      return ROWS;
    }
  }

  /// Shows this and nothing else.
  synchronized void show(Screen screen) {
    if (!restored) {
      shell.print("\033[H\033[J");
      screen.flush();
    }
  }

  /// Waits for a key.
  ///
  /// @return whether it was the one that ends the command; false if none came in time
  boolean awaitsEnd(long millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    do {
      if (keyEnds(shell.in())) {
        return true;
      }
      TimeUnit.MILLISECONDS.sleep(20);
    } while (System.nanoTime() < end);
    return false;
  }

  static boolean keyEnds(InputStream keys) {
    try {
      while (keys.available() > 0) {
        int key = keys.read();
        if (key == 'q' || key == 'Q' || key < 0) {
          return true;
        }
      }
      return false;
    } catch (IOException _) {
      return true; // the terminal is gone
    }
  }

  @Override
  public void close() {
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(restoring);
    } catch (IllegalStateException _) {
      // The JVM is ending, and the hook runs.
    }
  }

  private synchronized void restore() {
    if (!restored) {
      restored = true;
      shell.print(FIRST_PAGE);
      if (!before.isEmpty()) {
        stty(before);
      }
    }
  }

  /// What it prints; empty if it cannot be had.
  private static String stty(String... arguments) {
    var command = new ArrayList<>(List.of("stty"));
    command.addAll(List.of(arguments));
    try {
      var stty =
          new ProcessBuilder(command)
              .redirectInput(TTY)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      var output = new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
      return stty.waitFor() == 0 ? output.strip() : "";
    } catch (IOException _) {
      return "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
