package dev.genserver.cli;

import java.util.List;
import picocli.CommandLine.Parameters;

/// Whom a message goes to, and the message, for picocli to fill in.
final class RequestWords {

  static final String NAME = "A process's name, or its pid such as '<1.42>'.";

  @Parameters(index = "0", paramLabel = "NAME", description = NAME)
  private String name;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "MESSAGE",
      description = "JSON, a word, a word with fields (add by=3), or - for standard input.")
  private List<String> message;

  String name() {
    return name;
  }

  List<String> message() {
    return message;
  }
}
