package dev.genserver.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// The daemon keeps docs/protocol.md: each row of the suite is a test.
class ConformanceIT {

  private static Daemons daemons;

  @BeforeAll
  static void begin() throws IOException {
    daemons = Daemons.ofRepository(Path.of(".."));
  }

  @AfterAll
  static void end() {
    daemons.close();
  }

  @TestFactory
  Stream<DynamicTest> daemonKeepsTheProtocol() {
    return Suite.ROWS.stream().map(row -> DynamicTest.dynamicTest(row.toString(), () -> hold(row)));
  }

  private static void hold(Row row) throws Throwable {
    switch (Verdict.of(row, daemons)) {
      case Verdict.Passed() -> {}
      case Verdict.Failed(Throwable reason) -> throw reason;
      case Verdict.Skipped(String why) -> fail("no row is skipped here, but this one " + why);
    }
  }

  @Test
  void eachRowHasAnIdOfItsOwn() {
    assertThat(Suite.ids()).doesNotHaveDuplicates().hasSizeGreaterThan(150);
    assertThat(Suite.ids()).allMatch(id -> id.matches("[A-Z]+-\\d\\d"));
  }
}
