package dev.genserver.testkit;

/// What a test does with a plugin that is to leave nothing behind; see [PluginLeaks].
@FunctionalInterface
public interface PluginUse {

  /// Invoked when the plugin's processes run. Keep nothing of the plugin's, neither in fields nor
  /// in variables of the test.
  void use(TestNode node) throws Exception;
}
