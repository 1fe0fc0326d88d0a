package dev.genserver.daemon;

import dev.genserver.daemon.config.ConfigKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import picocli.CommandLine.Model.CommandSpec;

/// The help of `genserverd run`, which is a manual: a text, with the settings in groups.
final class Manual {

  private static final String TEXT = "/run-help.txt";
  private static final String SETTINGS = "{settings}\n";
  private static final int WIDTH = 80;
  private static final String INDENT = " ".repeat(6);

  /// What the keys of settings begin with, up to the first dot, under a heading.
  private static final Map<String, List<String>> GROUPS = new LinkedHashMap<>();

  static {
    GROUPS.put("Where it listens", List.of("listen", "admin"));
    GROUPS.put("Who may connect", List.of("auth", "tokens", "tls", "login"));
    GROUPS.put("Plugins and their processes", List.of("plugins", "mailbox"));
    GROUPS.put("Frames and calls", List.of("frame", "call"));
    GROUPS.put("Connections and memory", List.of("connection", "memory"));
    GROUPS.put("The log", List.of("log"));
    GROUPS.put("Traces", List.of("traces"));
    GROUPS.put("The end", List.of("shutdown"));
  }

  private Manual() {}

  /// Has the help of this command be the manual.
  static void of(CommandSpec run) {
    run.usageMessage().sectionKeys(List.of(TEXT)).sectionMap().put(TEXT, _ -> text());
  }

  static String text() {
    try (var in = Objects.requireNonNull(Manual.class.getResourceAsStream(TEXT))) {
      var text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return text.replace(SETTINGS, settings());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String settings() {
    var settings = new StringBuilder();
    GROUPS.forEach((heading, beginnings) -> {
      settings.append(heading).append(":\n\n");
      for (var key : ConfigKey.all()) {
        if (beginnings.contains(key.name().split("\\.", 2)[0])) {
          settings.append("  ").append(key.flag()).append(" VALUE\n");
          settings.append(wrapped(key.description()));
          settings.append(wrapped(defaultOf(key) + " " + key.variable() + ", " + key.name()));
        }
      }
      settings.append('\n');
    });
    return settings.toString();
  }

  private static String defaultOf(ConfigKey<?> key) {
    return key.defaultText().isEmpty() ? "No default." : "Default: " + key.defaultText() + ".";
  }

  private static String wrapped(String text) {
    var lines = new StringBuilder();
    var line = new StringBuilder(INDENT);
    for (var word : text.split(" ", -1)) {
      if (line.length() > INDENT.length() && line.length() + 1 + word.length() > WIDTH) {
        lines.append(line).append('\n');
        line = new StringBuilder(INDENT);
      }
      line.append(line.length() > INDENT.length() ? " " : "").append(word);
    }
    return lines.append(line).append('\n').toString();
  }
}
