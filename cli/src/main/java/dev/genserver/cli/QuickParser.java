package dev.genserver.cli;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Understands the everyday command lines without the cost of loading picocli.
///
/// What it understands means the same to [Commands]; whatever is not plain, it leaves to them.
final class QuickParser {

  private final List<String> words = new ArrayList<>();
  private @Nullable String timeout;
  private @Nullable String url;
  private @Nullable String context;
  private boolean confirm = true;
  private boolean json;
  private boolean quiet;

  private QuickParser() {}

  /// The command that `args` are; null if picocli has to look at them.
  static @Nullable Command parse(String[] args) {
    var parser = new QuickParser();
    return args.length > 0 && parser.read(args) ? parser.command(args[0]) : null;
  }

  private boolean read(String[] args) {
    for (int i = 1; i < args.length; i++) {
      var arg = args[i];
      boolean valueFollows = i + 1 < args.length && !args[i + 1].startsWith("-");
      if (!arg.startsWith("-") || arg.equals("-")) {
        words.add(arg);
      } else if (arg.equals(CallCommand.TIMEOUT) && valueFollows && timeout == null) {
        timeout = args[++i];
      } else if (arg.equals(Command.Options.URL) && valueFollows && url == null) {
        url = args[++i];
      } else if (arg.equals(Credentials.CONTEXT) && valueFollows && context == null) {
        context = args[++i];
      } else if (arg.equals(CastCommand.NO_CONFIRM) && confirm) {
        confirm = false;
      } else if (arg.equals(Command.Options.JSON) && !json) {
        json = true;
      } else if ((arg.equals(Command.Options.QUIET) || arg.equals("-q")) && !quiet) {
        quiet = true;
      } else {
        return false;
      }
    }
    return true;
  }

  private @Nullable Command command(String name) {
    var options = new Command.Options(url, Credentials.ofContext(context), json, quiet, false);
    return switch (name) {
      case "call" ->
          words.size() > 1 && confirm
              ? new CallCommand(words.getFirst(), message(), timeout, options)
              : null;
      case "cast" ->
          words.size() > 1 && timeout == null
              ? new CastCommand(words.getFirst(), message(), confirm, options)
              : null;
      case "ping" ->
          words.isEmpty() && timeout == null && confirm ? new PingCommand(options) : null;
      default -> null;
    };
  }

  private List<String> message() {
    return words.subList(1, words.size());
  }
}
