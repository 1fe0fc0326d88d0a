package dev.genserver.sdk;

import java.util.List;

/// A plugin that is configured in the daemon's file, under `plugins.config` and its id.
///
/// The type argument is a record of the plugin's own; its components are the keys, written with
/// dashes: `retryLimit` is `retry-limit`. A component may be a number, a boolean, a [String], an
/// enum, a [java.time.Duration] (`250ms`), an [java.time.Instant], a [java.time.LocalDate], a
/// [java.util.UUID], a [java.nio.file.Path], a [java.net.URI], a [Secret], a further record, or a
/// [List], a [java.util.Set] or a [java.util.Map] by [String] of these. All keys must be there but
/// those of [java.util.Optional] components, and there may be no others.
///
/// What a value may be beyond its type is for the record's constructor to check: what it throws is
/// told to the operator, with the place in the file. The plugin is loaded with a record that was
/// made, or not at all.
///
/// @param <C> the record
/// @otp the environment of an application; there it is read key by key, here it is whole and typed
public interface ConfiguredPlugin<C extends Record> extends Plugin {

  /// The kinds of servers that a configuration may start; their factories may use `configuration`.
  ///
  /// @see Plugin#behaviours()
  List<Behaviour<?>> behaviours(C configuration);

  /// The processes that run from load on; their factories may use `configuration`.
  ///
  /// @see Plugin#children()
  default List<ChildSpec> children(C configuration) {
    return List.of();
  }

  /// The plugin as it is with this configuration; so a test starts it.
  default Plugin with(C configuration) {
    var plugin = this;
    return new Plugin() {
      @Override
      public List<Behaviour<?>> behaviours() {
        return plugin.behaviours(configuration);
      }

      @Override
      public List<ChildSpec> children() {
        return plugin.children(configuration);
      }
    };
  }

  /// Not for a plugin that needs a configuration; ask [#with].
  ///
  /// @throws IllegalStateException always
  @Override
  default List<Behaviour<?>> behaviours() {
    throw new IllegalStateException(getClass().getName() + " is configured; ask with(…)");
  }

  /// Not for a plugin that needs a configuration; ask [#with].
  ///
  /// @throws IllegalStateException always
  @Override
  default List<ChildSpec> children() {
    throw new IllegalStateException(getClass().getName() + " is configured; ask with(…)");
  }
}
