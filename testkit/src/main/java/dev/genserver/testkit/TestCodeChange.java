package dev.genserver.testkit;

import dev.genserver.runtime.Carrier;
import dev.genserver.sdk.CodeChange;
import dev.genserver.sdk.GenServer;

/// What `codeChange` is told, made of data that an older version would have handed over.
///
/// ```java
/// var change = TestCodeChange.from("1.0.0", Map.of("total", 42), new Stock());
/// assertThat(new Stock().codeChange(change)).isEqualTo(new CodeChanged.Ok<>(new State(42, 0)));
/// ```
public final class TestCodeChange {

  private TestCodeChange() {}

  /// A change from an older version.
  ///
  /// @param oldVersion what [CodeChange#oldVersion] is to be
  /// @param data the old state as plain data: for a record a map of its fields by name
  /// @param server the server whose `codeChange` is tested; tells what the state is to become
  public static <S> CodeChange<S> from(String oldVersion, Object data, GenServer<S, ?, ?> server) {
    var loader = server.getClass().getClassLoader();
    return new CodeChange<>(oldVersion, Carrier.carried(data, loader, server), null);
  }
}
