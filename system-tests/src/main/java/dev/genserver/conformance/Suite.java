package dev.genserver.conformance;

import java.util.List;
import java.util.stream.Stream;

/// All rows.
public final class Suite {

  /// In the order in which they are held: what needs least comes first.
  static final List<Row> ROWS =
      Stream.of(
              FramingRows.rows(),
              LineRows.rows(),
              JsonRows.rows(),
              EnvelopeRows.rows(),
              HelloRows.rows(),
              CallRows.rows(),
              CastRows.rows(),
              MonitorRows.rows(),
              DeadlineRows.rows(),
              OverloadRows.rows(),
              LifeRows.rows(),
              AdminRows.rows(),
              LoginRows.rows())
          .flatMap(List::stream)
          .toList();

  private Suite() {}

  /// The ids of all rows.
  public static List<String> ids() {
    return ROWS.stream().map(Row::id).toList();
  }
}
