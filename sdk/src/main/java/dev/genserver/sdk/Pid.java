package dev.genserver.sdk;

import java.util.Optional;
import java.util.regex.Pattern;

/// Names one process, one incarnation of it: after a restart the server has another pid.
///
/// Written `<node.serial>`, as in `<1.42>`.
///
/// @otp pid()
public record Pid(int node, long serial) implements ServerRef {

  private static final Pattern FORM = Pattern.compile("<(\\d{1,9})\\.(\\d{1,18})>");

  /// The pid that `text` is, if it has the form of one.
  public static Optional<Pid> parse(String text) {
    var match = FORM.matcher(text);
    return match.matches()
        ? Optional.of(new Pid(Integer.parseInt(match.group(1)), Long.parseLong(match.group(2))))
        : Optional.empty();
  }

  @Override
  public String toString() {
    return "<" + node + "." + serial + ">";
  }
}
