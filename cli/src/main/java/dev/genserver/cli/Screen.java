package dev.genserver.cli;

/// What people read of a reply: lines, with colour where a person looks at a terminal.
///
/// Keeps the lines until [#flush]. For one thread.
final class Screen {

  /// What a colour says.
  enum Paint {
    HEADING("1"),
    GOOD("32"),
    WAITING("33"),
    HELD("35"),
    BAD("31");

    private final String code;

    Paint(String code) {
      this.code = code;
    }
  }

  /// What is shown on it.
  interface Content {
    void on(Screen screen);
  }

  private final Shell shell;
  private final boolean coloured;
  private final boolean headed;
  private final StringBuilder text = new StringBuilder();

  /// @param headed whether tables have headings
  Screen(Shell shell, boolean coloured, boolean headed) {
    this.shell = shell;
    this.coloured = coloured;
    this.headed = headed;
  }

  static Screen of(Shell shell, Command.Options options) {
    var colours = isTerminal() && shell.environment().getOrDefault("NO_COLOR", "").isEmpty();
    return new Screen(shell, colours, !options.quiet());
  }

  /// Shows it at once.
  static void show(Shell shell, Command.Options options, Content content) {
    var screen = of(shell, options);
    content.on(screen);
    screen.flush();
  }

  /// Whether a person sits before it.
  @SuppressWarnings("SystemConsoleNull") // as of JDK 25 there is none where there is no terminal
  static boolean isTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  /// A line that tells what the lines below are; not for those who want these alone.
  Screen heading(String line) {
    return headed ? line(paint(Paint.HEADING, line)) : this;
  }

  Screen line(String line) {
    text.append(line.stripTrailing()).append('\n');
    return this;
  }

  String paint(Paint paint, String words) {
    return coloured && !words.isEmpty() ? "\033[" + paint.code + "m" + words + "\033[0m" : words;
  }

  /// A process's status in its colour.
  String status(String status) {
    return switch (status) {
      case "running" -> paint(Paint.GOOD, status);
      case "waiting", "starting" -> paint(Paint.WAITING, status);
      case "suspended" -> paint(Paint.HELD, status);
      case "not running" -> paint(Paint.BAD, status);
      default -> status;
    };
  }

  /// Writes what was gathered to standard output.
  void flush() {
    shell.print(text.toString());
    text.setLength(0);
  }
}
