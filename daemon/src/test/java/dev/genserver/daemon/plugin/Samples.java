package dev.genserver.daemon.plugin;

import dev.genserver.testkit.PluginJar;

/// Sources of plugins for tests.
final class Samples {

  static final String COUNTER =
      """
      package example;
      import dev.genserver.sdk.*;
      public final class Counter extends GenServer<Long, Counter.Call, Void> {
        public sealed interface Call {
          record Get() implements Call {}
        }
        @Override public Init<Long> init(Args args) { return ok(args.longOr("start", 0)); }
        public static Counter none() { return null; }
        public static Counter failing() { throw new IllegalStateException("no"); }
      }
      """;

  private Samples() {}

  /// A plugin that offers the behaviour `id` and runs a process of the same name.
  static PluginJar counter(String id) {
    return PluginJar.of(id, "1.0.0")
        .source("example.Counter", COUNTER)
        .plugin(
            "example.CounterPlugin",
            plugin(
                "List.of(Behaviour.of(\"%s\", Counter.class, Counter::new))".formatted(id),
                "List.of(ChildSpec.named(\"%s\", Counter::new))".formatted(id)));
  }

  /// A jar with [#COUNTER] and a plugin that answers with these expressions.
  static PluginJar answering(String behaviours, String children) {
    return PluginJar.of("odd", "1.0.0")
        .source("example.Counter", COUNTER)
        .plugin("example.CounterPlugin", plugin(behaviours, children));
  }

  static String plugin(String behaviours, String children) {
    return """
    package example;
    import dev.genserver.sdk.*;
    import java.util.*;
    public final class CounterPlugin implements Plugin {
      @Override public List<Behaviour<?>> behaviours() { return %s; }
      @Override public List<ChildSpec> children() { return %s; }
    }
    """
        .formatted(behaviours, children);
  }
}
