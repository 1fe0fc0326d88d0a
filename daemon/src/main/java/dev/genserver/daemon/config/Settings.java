package dev.genserver.daemon.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The texts of all settings and where each came from; later ones win. For one thread.
final class Settings {

  private record Setting(String text, String origin) {}

  private final Map<ConfigKey<?>, Setting> settings = new LinkedHashMap<>();
  private final List<String> problems;

  Settings(List<String> problems) {
    this.problems = problems;
    ConfigKey.all()
        .forEach(key -> settings.put(key, new Setting(key.defaultText(), EffectiveValue.DEFAULT)));
  }

  /// Sets a value, or tells why it cannot be and leaves the one before.
  void set(ConfigKey<?> key, String text, String origin) {
    try {
      key.parse(text);
      settings.put(key, new Setting(text, origin));
    } catch (IllegalArgumentException e) {
      problems.add(
          "config '%s' (%s) %s, is '%s'".formatted(key.name(), origin, e.getMessage(), text));
    }
  }

  <T> T get(ConfigKey<T> key) {
    return key.parse(setting(key).text());
  }

  String origin(ConfigKey<?> key) {
    return setting(key).origin();
  }

  boolean isDefault(ConfigKey<?> key) {
    return setting(key).origin().equals(EffectiveValue.DEFAULT);
  }

  List<EffectiveValue> effective() {
    var values = new ArrayList<EffectiveValue>();
    settings.forEach((key, setting) ->
        values.add(new EffectiveValue(key.name(), setting.text(), setting.origin())));
    return values;
  }

  @SuppressWarnings("NullAway") // every key has a setting from the constructor on
  private Setting setting(ConfigKey<?> key) {
    return settings.get(key);
  }
}
