package dev.genserver.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Who may know whom.
///
/// ```
/// examples ──► sdk ◄── runtime ◄── daemon ──► protocol ◄── client-java
///              testkit ──► sdk, runtime             ▲
///                                                   └── cli
/// ```
class ArrowsTest {

  @ParameterizedTest
  @CsvSource({
    "sdk,       40",
    "runtime,   30",
    "protocol,  30",
    "client,    20",
    "daemon,    60",
    "cli,       15",
    "testkit,    5",
    "examples,  10"
  })
  void everyModuleIsScanned(String module, long leastClasses) {
    assertThat(Product.size("dev.genserver." + module)).isGreaterThanOrEqualTo(leastClasses);
  }

  @ParameterizedTest
  @CsvSource({
    "sdk,      java..",
    "runtime,  java.. javax.management jdk.management dev.genserver.sdk..",
    "protocol, java.. javax.net.ssl",
    "client,   java.. javax.net.ssl dev.genserver.protocol.. tools.jackson.. com.fasterxml.jackson.annotation",
    "cli,      java.. javax.lang.model dev.genserver.protocol.. picocli..",
    "testkit,  java.. javax.tools.. dev.genserver.sdk.. dev.genserver.runtime..",
    "examples, java.. dev.genserver.sdk.."
  })
  void moduleKnowsNoMoreThanItMay(String module, String allowed) {
    var itself = "dev.genserver." + module + "..";
    var known =
        Stream.concat(Stream.of(itself, "org.jspecify.annotations"), Stream.of(allowed.split(" ")))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(itself)
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(known)
        .check(Product.CLASSES);
  }

  @Test
  void daemonKnowsNeitherClientNorCommandLineNorTestkit() {
    noClasses()
        .that()
        .resideInAPackage("dev.genserver.daemon..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.genserver.client..",
            "dev.genserver.cli..",
            "dev.genserver.testkit..",
            "dev.genserver.examples..")
        .check(Product.CLASSES);
  }

  @ParameterizedTest
  @CsvSource({
    "text,    ''",
    "access,  ''",
    "log,     ''",
    "config,  'access log text trace'",
    "binding, 'text'",
    "plugin,  'binding text'",
    "trace,   'plugin'",
    "metrics, 'log plugin trace'",
    "request, 'access binding text metrics trace'",
    "http,    'access binding text request metrics'",
    "net,     'access binding text request http metrics'",
    "admin,   'binding plugin text'"
  })
  void packageOfTheDaemonKnowsNoMoreOfItThanItMay(String name, String allowed) {
    var others =
        Stream.of(
                "",
                ".access",
                ".text",
                ".binding",
                ".plugin",
                ".trace",
                ".metrics",
                ".request",
                ".http",
                ".net",
                ".config",
                ".admin",
                ".log")
            .filter(other -> !other.equals("." + name))
            .filter(other -> !List.of(allowed.split(" ")).contains(other.replace(".", "")))
            .map(other -> "dev.genserver.daemon" + other)
            .toArray(String[]::new);
    noClasses()
        .that()
        .resideInAPackage("dev.genserver.daemon." + name)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .check(Product.CLASSES);
  }

  @Test
  void onlyTheLogPackageKnowsLogback() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.genserver.daemon.log")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("ch.qos.logback..", "org.slf4j..")
        .check(Product.CLASSES);
  }

  @Test
  void onlyTheMetricsPackageKnowsPrometheus() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.genserver.daemon.metrics")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.prometheus..")
        .check(Product.CLASSES);
  }

  @Test
  void onlyTheTracePackageKnowsOpenTelemetry() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.genserver.daemon.trace")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.opentelemetry..")
        .check(Product.CLASSES);
  }

  @Test
  void onlyTheNetPackageKnowsNetty() {
    noClasses()
        .that()
        .resideOutsideOfPackage("dev.genserver.daemon.net")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .check(Product.CLASSES);
  }
}
