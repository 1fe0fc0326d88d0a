package dev.genserver.runtime;

import dev.genserver.sdk.StateMismatchException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// What becomes of the entries that a process has in registries, and of what a registry holds
/// beside entries: keys and values of the old code's classes become such of the new code.
///
/// @param steps what to do about it; none of that can fail
record RegistryChange(List<Runnable> steps) {

  static final RegistryChange NONE = new RegistryChange(List.of());

  /// @throws StateMismatchException if something cannot be carried over
  static RegistryChange of(ServerProcess process, CodeReplacement code) {
    var steps = new ArrayList<Runnable>();
    for (var table : process.registriesOf()) {
      table.own(process).values().stream()
          .flatMap(List::stream)
          .forEach(entry -> entry(table, entry, code, steps));
    }
    if (process.server() instanceof RegistryServer registry && registry.table() != null) {
      meta(registry.table().meta(), code, steps);
    }
    return steps.isEmpty() ? NONE : new RegistryChange(steps);
  }

  private static void entry(
      RegistryTable table, RegistryEntry entry, CodeReplacement code, List<Runnable> steps) {
    var isOfOldKey = isOld(entry.key, code);
    if (isOfOldKey || isOld(entry.value(), code)) {
      var value = converted(entry.value(), code, "a value in registry '" + table.name + "'");
      var key = converted(entry.key, code, "a key in registry '" + table.name + "'");
      steps.add(
          isOfOldKey && key != null
              ? () -> table.rename(entry, key, value)
              : () -> entry.value(value));
    }
  }

  private static void meta(Map<Object, Object> meta, CodeReplacement code, List<Runnable> steps) {
    meta.forEach((key, value) -> {
      if (isOld(key, code) || isOld(value, code)) {
        var newKey = Objects.requireNonNull(converted(key, code, "a key of a registry's meta"));
        var newValue =
            Objects.requireNonNull(converted(value, code, "a value of a registry's meta"));
        steps.add(() -> {
          meta.remove(key);
          meta.put(newKey, newValue);
        });
      }
    });
  }

  private static boolean isOld(@Nullable Object value, CodeReplacement code) {
    return Carrier.concerns(value, Carrier.of(code.from()));
  }

  private static @Nullable Object converted(
      @Nullable Object value, CodeReplacement code, String what) {
    return Carrier.converted(value, Carrier.of(code.from()), code.to(), what);
  }

  void carryOut() {
    steps.forEach(Runnable::run);
  }
}
