package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import org.jspecify.annotations.Nullable;

/// A command as it was typed. Its words are looked into when it runs; its `toString` is how a
/// failure names it.
///
/// Each stands in a file of its own, with what picocli knows of it in a class `Line` inside. That
/// class, and picocli with it, is loaded only where [QuickParser] does not understand the line.
interface Command {

  /// How long a call takes that says nothing else, and a cast's confirmation or a ping always.
  TimeLimit DEFAULT_LIMIT = new TimeLimit(ClientMessage.DEFAULT_TIMEOUT_MS);

  /// What all commands take.
  Options options();

  /// Does it.
  ///
  /// @throws CliException if it does not succeed
  void run(Shell shell);

  /// What all commands take.
  ///
  /// @param url where the daemon is; null for what the environment says
  /// @param json whether the result is for programs
  /// @param quiet whether to leave out all but results and failures
  /// @param verbose whether a failure shows its stack trace
  record Options(
      @Nullable String url, Credentials credentials, boolean json, boolean quiet, boolean verbose) {

    static final String URL = "--url";
    static final String JSON = "--json";
    static final String QUIET = "--quiet";
    static final String VERBOSE = "--verbose";
  }
}
