package dev.genserver.daemon.binding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Init;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class UnbindableTest {

  abstract static class Server<C, M> extends GenServer<Long, C, M> {
    @Override
    public Init<Long> init(Args args) {
      return ok(0L);
    }
  }

  sealed interface Mixed {
    record Run(Thread thread, List<Runnable> tasks) implements Mixed {}

    record Count(Map<Long, String> byNumber) implements Mixed {}

    final class Plain implements Mixed {}

    non-sealed interface Open extends Mixed {}
  }

  sealed interface Twice {
    record Add() implements Twice {}

    sealed interface More extends Twice {
      record Add(String type) implements More {}
    }
  }

  static final class Broken extends Server<Mixed, Twice> {}

  @Test
  void allProblemsOfAServerAreToldTogether() {
    assertThat(problems(Broken.class))
        .satisfiesExactlyInAnyOrder(
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "UnbindableTest.Mixed.Run.thread has type Thread, and no JSON becomes a"
                            + " java.lang.Thread; use a number, boolean, String, enum, record, a"
                            + " sealed interface of records, List, Set, Map with String keys,"
                            + " array, Optional, Duration, Instant, LocalDate, UUID, Pid,"
                            + " BigInteger, BigDecimal, or Object for any JSON"),
            problem ->
                assertThat(problem)
                    .startsWith(
                        "UnbindableTest.Mixed.Run.tasks has type List<Runnable>, and no JSON"
                            + " becomes a java.lang.Runnable; use "),
            problem ->
                assertThat(problem)
                    .startsWith(
                        "UnbindableTest.Mixed.Count.byNumber has type Map<Long, String>, and no"
                            + " JSON becomes a java.util.Map; use "),
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "UnbindableTest.Mixed.Plain, of the sealed UnbindableTest.Mixed, is no"
                            + " record, and no JSON becomes it; make it a record, or a sealed"
                            + " interface of records"),
            problem -> assertThat(problem).startsWith("UnbindableTest.Mixed.Open, of the sealed "),
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "UnbindableTest.Twice.Add and UnbindableTest.Twice.More.Add both have the"
                            + " type 'add'; rename one of them"),
            problem ->
                assertThat(problem)
                    .isEqualTo(
                        "UnbindableTest.Twice.More.Add.type has the name of the field that tells"
                            + " messages apart; rename it"));
  }

  interface Open {}

  static final class Opened extends Server<Open, Runnable> {}

  @Test
  void anUnsealedTypeThatIsNoDataCannotBeBound() {
    assertThat(problems(Opened.class))
        .satisfiesExactly(
            problem ->
                assertThat(problem)
                    .startsWith(
                        "UnbindableTest.Opened has the call type UnbindableTest.Open, and no JSON"
                            + " becomes a "),
            problem ->
                assertThat(problem)
                    .startsWith("UnbindableTest.Opened has the cast type Runnable, and no JSON"));
  }

  @SuppressWarnings("rawtypes") // what the test is about
  static final class Raw extends Server {}

  @Test
  void aServerThatDoesNotSayItsTypesCannotBeBound() {
    assertThat(problems(Raw.class))
        .hasSize(2)
        .allSatisfy(problem -> assertThat(problem).contains("stands for is not known; use "));
  }

  @Test
  void aClassThatIsNoServerCannotBeBound() {
    assertThat(problems(String.class))
        .containsExactly("java.lang.String does not extend GenServer");
  }

  private static List<String> problems(Class<?> server) {
    return catchThrowableOfType(UnbindableException.class, () -> Binding.of(server)).problems();
  }
}
