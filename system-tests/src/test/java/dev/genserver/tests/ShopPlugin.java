package dev.genserver.tests;

import dev.genserver.testkit.PluginJar;

/// The plugin of docs/runbooks.md: its processes are slow, crash, and keep memory, as their
/// messages ask them to.
final class ShopPlugin {

  private ShopPlugin() {}

  static final PluginJar GOOD = version("1.0.0", "reply(state.placed(), state)");

  /// Its orders cannot be counted.
  static final PluginJar BAD =
      version("2.0.0", "throw new IllegalStateException(\"the books are closed\")");

  private static PluginJar version(String version, String count) {
    return PluginJar.of("shop", version)
        .source(
            "shop.Orders",
            """
            package shop;

            import dev.genserver.sdk.*;
            import java.util.ArrayList;
            import java.util.List;

            public final class Orders extends GenServer<Orders.State, Orders.Call, Orders.Cast> {
              public record Scan(String pixels) {}
              public record State(int placed, List<Scan> scans) {}
              public sealed interface Call {
                record Count() implements Call {}
                record Place(long cents) implements Call {}
              }
              public sealed interface Cast {
                record Place(long cents, long takes) implements Cast {}
                record Keep(int bytes) implements Cast {}
              }
              public Init<State> init(Args args) {
                return ok(new State(0, List.of()));
              }
              public CallResult<State> handleCall(Call request, From from, State state) {
                return switch (request) {
                  case Call.Count() -> COUNT;
                  case Call.Place(long cents) -> {
                    var next = placed(cents, 0, state);
                    yield reply(next.placed(), next);
                  }
                };
              }
              public Result<State> handleCast(Cast message, State state) {
                return switch (message) {
                  case Cast.Place(long cents, long takes) -> noReply(placed(cents, takes, state));
                  case Cast.Keep(int bytes) -> {
                    var more = new ArrayList<>(state.scans());
                    more.add(new Scan("x".repeat(bytes)));
                    yield noReply(new State(state.placed(), more));
                  }
                };
              }
              private static State placed(long cents, long takes, State state) {
                if (cents < 0) {
                  throw new IllegalArgumentException("an order of " + cents + " cents");
                }
                Warehouse.reserve(takes);
                return new State(state.placed() + 1, state.scans());
              }
            }
            """
                .replace("COUNT", count))
        .source(
            "shop.Warehouse",
            """
            package shop;

            final class Warehouse {
              static void reserve(long takes) {
                try {
                  Thread.sleep(takes);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }
            }
            """)
        .plugin(
            "shop.ShopPlugin",
            """
            package shop;

            import dev.genserver.sdk.*;
            import java.time.Duration;
            import java.util.List;

            public final class ShopPlugin implements Plugin {
              public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("orders", Orders.class, Orders::new));
              }
              public List<ChildSpec> children() {
                return List.of(child("orders", 10_000), child("mail", 3));
              }
              private static ChildSpec child(String name, int maxQueue) {
                return ChildSpec.worker(
                        name, Orders::new, StartOptions.named(name).maxQueue(maxQueue))
                    .shutdown(Shutdown.after(Duration.ofMillis(200)));
              }
            }
            """);
  }
}
