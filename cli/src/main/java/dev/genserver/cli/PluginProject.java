package dev.genserver.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import java.util.regex.Pattern;
import javax.lang.model.SourceVersion;
import org.jspecify.annotations.Nullable;

/// A Maven project for a plugin with one server, to start from.
///
/// @param id what the plugin, its behaviour and its process are called: `rate-limiter`
/// @param javaPackage `dev.example`
record PluginProject(String id, String javaPackage) {

  private static final String DEFAULT_PACKAGE = "com.example.";
  private static final Pattern ID = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");
  private static final int LONGEST = 64;

  /// Where each template goes.
  private static final SequencedMap<String, String> FILES = files();

  private static SequencedMap<String, String> files() {
    var files = new LinkedHashMap<String, String>();
    files.put("pom.xml", "pom.xml");
    files.put("README.md", "README.md");
    files.put("gitignore", ".gitignore");
    files.put("Server.java", "src/main/java/@path@/@Name@.java");
    files.put("ServerPlugin.java", "src/main/java/@path@/@Name@Plugin.java");
    files.put("service", "src/main/resources/META-INF/services/dev.genserver.sdk.Plugin");
    files.put("ServerTest.java", "src/test/java/@path@/@Name@Test.java");
    files.put("ServerPluginTest.java", "src/test/java/@path@/@Name@PluginTest.java");
    return files;
  }

  /// A project for that folder.
  ///
  /// @param id null for the folder's name
  /// @param javaPackage null for one that is made of the id
  /// @throws CliException if the names do not do
  static PluginProject of(Path folder, @Nullable String id, @Nullable String javaPackage) {
    var name = id == null ? derived(folder) : id;
    if (!ID.matcher(name).matches() || name.length() > LONGEST) {
      throw CliException.usage(
          "'%s' cannot name a plugin; take small letters, digits and '-', such as rate-limiter%s"
              .formatted(name, id == null ? ", by --id" : ""));
    }
    var project =
        new PluginProject(
            name, javaPackage == null ? DEFAULT_PACKAGE + name.replace("-", "") : javaPackage);
    if (!SourceVersion.isName(project.javaPackage, SourceVersion.RELEASE_25)) {
      throw CliException.usage(
          "'%s' is no name of a Java package; give one such as com.example.shop by --package"
              .formatted(project.javaPackage));
    }
    if (project.clashes()) {
      throw CliException.usage(
          "a plugin '%s' would have a class '%s', which is what its code calls something else; give another name by --id"
              .formatted(name, project.className()));
    }
    return project;
  }

  /// Whether the code of the templates means something else by the name of the server's class.
  private boolean clashes() {
    var name = Pattern.compile("\\b" + className() + "\\b");
    return FILES.keySet().stream()
        .filter(file -> file.endsWith(".java"))
        .map(file -> template(file).replace("@Name@", "").replaceAll("(?m)^ *///.*", ""))
        .anyMatch(code -> name.matcher(code).find());
  }

  private static String derived(Path folder) {
    var name = folder.toAbsolutePath().normalize().getFileName();
    return name == null ? "" : name.toString().toLowerCase(Locale.ROOT).replaceAll("[ _.]+", "-");
  }

  /// Writes all files, each of which must be new.
  ///
  /// @throws CliException if something is there already, or cannot be written
  void writeTo(Path folder) {
    try {
      requireEmpty(folder);
      for (var file : FILES.entrySet()) {
        var target = folder.resolve(filled(file.getValue()));
        Files.createDirectories(target.getParent());
        Files.writeString(target, filled(template(file.getKey())), StandardOpenOption.CREATE_NEW);
      }
    } catch (IOException e) {
      throw new CliException(
          CliException.CANNOT_CREATE,
          "the project cannot be written to '%s': %s".formatted(folder, e),
          e);
    }
  }

  private static void requireEmpty(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      try (var files = Files.list(folder)) {
        if (files.findAny().isEmpty()) {
          return;
        }
      }
    } else if (!Files.exists(folder)) {
      return;
    }
    throw new CliException(
        CliException.CANNOT_CREATE,
        "'%s' is there already, and not empty; nothing was written, name another folder"
            .formatted(folder));
  }

  private static String template(String name) {
    try (InputStream in = PluginProject.class.getResourceAsStream("plugin/" + name)) {
      return new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String filled(String template) {
    var text = template;
    for (var name : names().entrySet()) {
      text = text.replace("@" + name.getKey() + "@", name.getValue());
    }
    return text;
  }

  private Map<String, String> names() {
    return Map.of(
        "id",
        id,
        "Name",
        className(),
        "package",
        javaPackage,
        "path",
        javaPackage.replace('.', '/'));
  }

  /// `RateLimiter` for `rate-limiter`.
  private String className() {
    var words = new StringBuilder();
    for (var word : id.split("-", -1)) {
      words.append(Character.toUpperCase(word.charAt(0))).append(word, 1, word.length());
    }
    return words.toString();
  }
}
