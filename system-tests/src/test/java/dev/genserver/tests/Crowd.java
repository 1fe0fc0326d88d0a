package dev.genserver.tests;

import dev.genserver.testkit.PluginJar;

/// A plugin with many processes.
final class Crowd {

  private Crowd() {}

  /// A shop with so many carts, `cart-00000` and so on, a thousand under each supervisor. A cart
  /// adds up, takes its time over a `checkout`, and crashes at an amount below zero.
  static PluginJar plugin(int carts) {
    return PluginJar.of("shop", "2.4.1")
        .source(
            "shop.Cart",
            """
            package shop;

            import dev.genserver.sdk.*;
            import java.util.Map;

            public final class Cart extends GenServer<Cart.State, Cart.Call, Cart.Cast> {
              public record State(long cents, int items, String voucher) {}
              public sealed interface Call {
                record Total() implements Call {}
                record Add(long cents) implements Call {}
              }
              public sealed interface Cast {
                record Checkout(long millis) implements Cast {}
              }
              public Init<State> init(Args args) {
                return ok(new State(0, 0, "SECRET-42"));
              }
              public CallResult<State> handleCall(Call request, From from, State state) {
                return switch (request) {
                  case Call.Total() -> reply(state.cents(), state);
                  case Call.Add(long cents) -> {
                    if (cents < 0) {
                      throw new IllegalArgumentException("a cart takes no negative amount: " + cents);
                    }
                    yield reply(
                        state.cents() + cents,
                        new State(state.cents() + cents, state.items() + 1, state.voucher()));
                  }
                };
              }
              public Result<State> handleCast(Cast message, State state) {
                return switch (message) {
                  case Cast.Checkout(long millis) -> { sleep(millis); yield noReply(state); }
                };
              }
              public Object formatStatus(State state) {
                return Map.of("cents", state.cents(), "items", state.items(), "voucher", "(hidden)");
              }
              private static void sleep(long millis) {
                try {
                  Thread.sleep(millis);
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
            import java.util.List;
            import java.util.stream.IntStream;

            public final class ShopPlugin implements Plugin {
              private static final int CARTS = %d;
              private static final int EACH = 1_000;
              public List<Behaviour<?>> behaviours() {
                return List.of(Behaviour.of("cart", Cart.class, Cart::new));
              }
              public List<ChildSpec> children() {
                return IntStream.range(0, (CARTS + EACH - 1) / EACH).mapToObj(ShopPlugin::group).toList();
              }
              private static ChildSpec group(int group) {
                return ChildSpec.supervisor(
                    "carts-%%02d".formatted(group),
                    SupervisorSpec.oneForOne(
                        IntStream.range(group * EACH, Math.min(CARTS, (group + 1) * EACH))
                            .mapToObj(i -> ChildSpec.named("cart-%%05d".formatted(i), Cart::new))
                            .toList()));
              }
            }
            """
                .formatted(carts));
  }
}
