package dev.genserver.house;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.List;

/// The compiled classes of everything that is shipped, tests left out.
final class Product {

  /// Where the repository is checked out; tests run in their module's folder.
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  private static final List<String> MODULES =
      List.of(
          "sdk",
          "runtime",
          "protocol",
          "client-java",
          "daemon",
          "cli",
          "testkit",
          "examples/chat",
          "examples/counter",
          "examples/jobs",
          "examples/kv",
          "examples/ratelimiter");

  static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importPaths(MODULES.stream().map(m -> ROOT.resolve(m, "target", "classes")).toList());

  private Product() {}

  /// How many classes a package and those below it have.
  static long size(String packageName) {
    return CLASSES.stream()
        .filter(type -> (type.getPackageName() + ".").startsWith(packageName + "."))
        .count();
  }
}
