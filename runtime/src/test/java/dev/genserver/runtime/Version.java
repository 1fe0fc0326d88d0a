package dev.genserver.runtime;

import dev.genserver.sdk.GenServer;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/// One version of some code: compiled from source, in a class loader of its own.
record Version(ClassLoader loader) {

  /// @param source a public class `example.Server`
  static Version of(Path folder, String name, String source) {
    var target = folder.resolve(name);
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    try {
      Files.createDirectories(target);
      var compiled =
          compiler
              .getTask(
                  messages,
                  null,
                  null,
                  List.of("-d", target.toString(), "-Xlint:none"),
                  null,
                  List.of(new Source(source)))
              .call();
      if (!compiled) {
        throw new IllegalArgumentException(messages.toString());
      }
      return new Version(
          new URLClassLoader(
              name, new URL[] {target.toUri().toURL()}, Version.class.getClassLoader()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A new `example.Server`.
  GenServer<?, ?, ?> server() {
    try {
      return (GenServer<?, ?, ?>)
          loader.loadClass("example.Server").getDeclaredConstructor().newInstance();
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  Supplier<GenServer<?, ?, ?>> factory() {
    return this::server;
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String code;

    Source(String code) {
      super(URI.create("string:///example/Server.java"), JavaFileObject.Kind.SOURCE);
      this.code = code;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return code;
    }
  }
}
