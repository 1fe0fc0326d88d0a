package dev.genserver.testkit;

import dev.genserver.sdk.Plugin;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// Builds a plugin jar from Java sources, for tests of loading and upgrading plugins.
///
/// ```java
/// PluginJar.of("counter", "1.0.0")
///     .source("example.Counter", "package example; …")
///     .plugin("example.CounterPlugin", "package example; …")
///     .writeTo(folder);
/// ```
///
/// Needs a JDK. For one thread.
public final class PluginJar {

  private final String fileName;
  private final SequencedMap<String, String> manifest = new LinkedHashMap<>();
  private final SequencedMap<String, String> sources = new LinkedHashMap<>();
  private final SequencedMap<String, String> resources = new LinkedHashMap<>();
  private final List<String> services = new ArrayList<>();
  private final List<Path> classPath = new ArrayList<>();

  private PluginJar(String fileName) {
    this.fileName = fileName;
  }

  /// A jar with the name and the manifest of a plugin for this SDK: `counter-1.0.0.jar`.
  public static PluginJar of(String id, String version) {
    return bare(id + "-" + version + ".jar")
        .manifest("Genserver-Plugin-Id", id)
        .manifest("Genserver-Plugin-Version", version)
        .manifest("Genserver-Sdk-Version", "1");
  }

  /// A jar without any manifest attributes.
  public static PluginJar bare(String fileName) {
    return new PluginJar(fileName);
  }

  /// Sets a manifest attribute.
  public PluginJar manifest(String name, String value) {
    manifest.put(name, value);
    return this;
  }

  /// Adds a class, compiled when the jar is written.
  public PluginJar source(String className, String code) {
    sources.put(className, code);
    return this;
  }

  /// Adds a class and offers it as the [Plugin] service.
  public PluginJar plugin(String className, String code) {
    return source(className, code).service(className);
  }

  /// Offers a class as the [Plugin] service, whether the jar has it or not.
  public PluginJar service(String className) {
    services.add(className);
    return this;
  }

  /// Adds a text file.
  public PluginJar resource(String path, String text) {
    resources.put(path, text);
    return this;
  }

  /// Compiles against this jar too, without putting it in.
  public PluginJar classPath(Path jar) {
    classPath.add(jar);
    return this;
  }

  /// Writes the jar into `folder`, over one of the same name.
  ///
  /// @return the jar
  /// @throws IllegalStateException if a source does not compile; the message says why
  public Path writeTo(Path folder) {
    try {
      var classes = Files.createTempDirectory("plugin-jar");
      try {
        compile(classes);
        var jar = Files.createDirectories(folder).resolve(fileName);
        try (var out = Files.newOutputStream(jar)) {
          write(out, classes);
        }
        return jar;
      } finally {
        delete(classes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void compile(Path classes) {
    if (sources.isEmpty()) {
      return;
    }
    var path = new ArrayList<>(List.of(sdk()));
    path.addAll(classPath);
    var options =
        List.of(
            "-proc:none",
            "-d",
            classes.toString(),
            "-classpath",
            path.stream().map(Path::toString).collect(Collectors.joining(":")));
    var units = sources.entrySet().stream().map(Source::new).toList();
    var messages = new StringWriter();
    var compiler = ToolProvider.getSystemJavaCompiler();
    if (!compiler.getTask(messages, null, null, options, null, units).call()) {
      throw new IllegalStateException(fileName + " does not compile:\n" + messages);
    }
  }

  private void write(OutputStream out, Path classes) throws IOException {
    var attributes = new Manifest();
    attributes.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach(attributes.getMainAttributes()::putValue);
    try (var jar = new JarOutputStream(out, attributes);
        var files = Files.walk(classes)) {
      for (var file : files.filter(Files::isRegularFile).sorted().toList()) {
        write(jar, classes.relativize(file).toString(), Files.readAllBytes(file));
      }
      for (var resource : resources.entrySet()) {
        write(jar, resource.getKey(), resource.getValue().getBytes(StandardCharsets.UTF_8));
      }
      if (!services.isEmpty()) {
        var lines = String.join("\n", services).getBytes(StandardCharsets.UTF_8);
        write(jar, "META-INF/services/" + Plugin.class.getName(), lines);
      }
    }
  }

  private static void write(JarOutputStream jar, String path, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(path));
    jar.write(bytes);
    jar.closeEntry();
  }

  private static Path sdk() {
    try {
      return Path.of(Plugin.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (var files = Files.walk(folder)) {
      for (var file : files.toList().reversed()) {
        Files.delete(file);
      }
    }
  }

  /// One source that is in memory only.
  private static final class Source extends SimpleJavaFileObject {

    private final String code;

    Source(Map.Entry<String, String> source) {
      super(
          URI.create("memory:///" + source.getKey().replace('.', '/') + ".java"),
          JavaFileObject.Kind.SOURCE);
      this.code = source.getValue();
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
