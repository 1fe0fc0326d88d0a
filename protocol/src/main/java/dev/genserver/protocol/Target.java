package dev.genserver.protocol;

/// What a request may be sent to.
public final class Target {

  /// What [#isValid] asks for, in words.
  public static final String WANTED =
      "a name of 1 to 255 bytes without control characters, or a pid such as \"<1.42>\"";

  private Target() {}

  /// Whether `to` can be a name or a pid.
  public static boolean isValid(String to) {
    if (to.isEmpty() || to.length() > 255) {
      return false;
    }
    boolean ascii = true;
    for (int i = 0; i < to.length(); i++) {
      char c = to.charAt(i);
      if (Character.isISOControl(c)) {
        return false;
      }
      ascii &= c < 0x80;
    }
    return (ascii || Utf8.encode(to).length <= 255) && (to.charAt(0) != '<' || isPid(to));
  }

  /// Whether it is two numbers in angle brackets: the node's, and the process's on it.
  private static boolean isPid(String to) {
    int dot = to.indexOf('.');
    return to.endsWith(">")
        && isNumber(to, 1, dot, 9)
        && isNumber(to, dot + 1, to.length() - 1, 18);
  }

  private static boolean isNumber(String text, int start, int end, int maxDigits) {
    for (int i = start; i < end; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return start < end && end - start <= maxDigits;
  }
}
