package dev.genserver.daemon.access;

import java.util.regex.Pattern;

/// What a principal may be called.
public final class PrincipalName {

  public static final String WANTED =
      "1 to 64 letters, digits, '.', '_', '-', '@', '/' or ':', the first a letter or digit";

  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@/:-]{0,63}");

  private PrincipalName() {}

  public static boolean isValid(String name) {
    return VALID.matcher(name).matches();
  }
}
