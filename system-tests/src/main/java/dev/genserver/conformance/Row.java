package dev.genserver.conformance;

/// One thing that the protocol says, and how it is held.
///
/// @param id what it is called, such as `FRAME-03`; never used again for something else
/// @param sentence what a daemon does, for people
/// @param setup the daemon that it takes
/// @param check fails with an [AssertionError] that says what came instead
record Row(String id, String sentence, Setup setup, Check check) {

  /// Holds a row against a daemon.
  interface Check {
    void run(Trial trial) throws Exception;
  }

  /// A row for any daemon.
  static Row row(String id, String sentence, Check check) {
    return new Row(id, sentence, Setup.ANY, check);
  }

  /// The same row for a daemon of its own kind.
  Row on(Setup setup) {
    return new Row(id, sentence, setup, check);
  }

  @Override
  public String toString() {
    return id + " " + sentence;
  }
}
