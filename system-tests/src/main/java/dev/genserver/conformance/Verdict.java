package dev.genserver.conformance;

/// What came of a row.
sealed interface Verdict {

  record Passed() implements Verdict {}

  /// The daemon does something else.
  ///
  /// @param reason what came instead
  record Failed(Throwable reason) implements Verdict {}

  /// It could not be held against this daemon.
  ///
  /// @param why what the row lacked
  record Skipped(String why) implements Verdict {}

  /// Holds a row against its daemon.
  static Verdict of(Row row, Daemons daemons) {
    try (var trial = new Trial(daemons.server(row.setup()))) {
      row.check().run(trial);
      return new Passed();
    } catch (Trial.Skipped skipped) {
      return new Skipped(String.valueOf(skipped.getMessage()));
    } catch (Exception | AssertionError e) {
      return new Failed(e);
    }
  }
}
