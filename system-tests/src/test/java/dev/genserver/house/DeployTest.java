package dev.genserver.house;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.daemon.access.Auth;
import dev.genserver.daemon.access.TokenException;
import dev.genserver.daemon.access.TokenFolder;
import dev.genserver.daemon.config.ConfigKey;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.daemon.config.DaemonConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/// What the Dockerfile, compose.yaml and deploy/kubernetes say of the daemon, and of each other.
class DeployTest {

  private static final Path KUBERNETES = Product.ROOT.resolve("deploy", "kubernetes");
  private static final Path COMPOSE = Product.ROOT.resolve("compose.yaml");
  private static final Pattern VARIABLE = Pattern.compile("(GENSERVERD_\\w+)=(\\S+)");
  private static final Pattern VERSION = Pattern.compile("<version>(\\S+)</version>");

  /// What processes and the JVM may take besides, when the daemon ends.
  private static final Duration TO_STOP = Duration.ofSeconds(15);

  private static JsonNode yaml(Path file) {
    try {
      return new YAMLMapper().readTree(Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode kubernetes(String file) {
    return yaml(KUBERNETES.resolve(file));
  }

  private static JsonNode pod() {
    return kubernetes("statefulset.yaml").at("/spec/template/spec");
  }

  private static JsonNode container() {
    assertThat(pod().at("/containers").size()).isEqualTo(1);
    return pod().at("/containers/0");
  }

  private static String dockerfile() throws IOException {
    return Files.readString(Product.ROOT.resolve("Dockerfile"));
  }

  /// The daemon's variables that the image sets.
  private static Map<String, String> imageVariables() throws IOException {
    var variables = new HashMap<String, String>();
    VARIABLE
        .matcher(dockerfile().replaceAll("(?m)^#.*$", ""))
        .results()
        .forEach(variable -> variables.put(variable.group(1), variable.group(2)));
    return variables;
  }

  /// How the daemon is configured by a file and variables besides those of the image.
  private static DaemonConfig configuration(Path file, Map<String, String> variables)
      throws IOException {
    var all = imageVariables();
    all.putAll(variables);
    all.remove(ConfigLoader.FILE_VARIABLE);
    return ConfigLoader.load(Optional.of(file), all, Map.of());
  }

  private static List<JsonNode> list(JsonNode array) {
    var items = new ArrayList<JsonNode>();
    array.forEach(items::add);
    return items;
  }

  private static JsonNode named(JsonNode array, String name) {
    return list(array).stream()
        .filter(item -> item.at("/name").asString().equals(name))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyFileIsOneObjectAndIsApplied() throws IOException {
    var resources = new ArrayList<String>();
    kubernetes("kustomization.yaml").at("/resources").forEach(r -> resources.add(r.asString()));
    try (Stream<Path> files = Files.list(KUBERNETES)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .hasSizeGreaterThan(5)
          .containsExactlyInAnyOrderElementsOf(
              Stream.concat(resources.stream(), Stream.of("kustomization.yaml")).toList());
    }
    for (var resource : resources) {
      var object = kubernetes(resource);
      assertThat(object.at("/apiVersion").asString()).as(resource).isNotEmpty();
      assertThat(object.at("/kind").asString())
          .isEqualToIgnoringCase(resource.replace(".yaml", ""));
      assertThat(object.at("/metadata/name").asString()).startsWith("genserverd");
    }
  }

  @Test
  void imageAndManifestsHaveTheVersionOfTheBuild() throws IOException {
    var pom = VERSION.matcher(Files.readString(Product.ROOT.resolve("pom.xml")));
    assertThat(pom.find()).isTrue();
    assertThat(dockerfile()).contains("image.version=\"" + pom.group(1) + "\"");
    assertThat(kubernetes("kustomization.yaml").at("/images/0/newTag").asString())
        .isEqualTo(pom.group(1));
  }

  @Test
  void imageSetsVariablesThatTheDaemonKnowsAndExposesTheirPorts() throws IOException {
    var known = new ArrayList<>(ConfigKey.all().stream().map(ConfigKey::variable).toList());
    known.add(ConfigLoader.FILE_VARIABLE);
    assertThat(imageVariables()).hasSize(4);
    assertThat(known).containsAll(imageVariables().keySet());
    var listen = imageVariables().get(ConfigKey.LISTEN.variable());
    var admin = imageVariables().get(ConfigKey.ADMIN.variable());
    assertThat(List.of(listen, admin)).containsExactly("0.0.0.0:6470", "0.0.0.0:6471");
    assertThat(dockerfile()).contains("\nEXPOSE 6470 6471\n");
  }

  @Test
  void podsConfigurationIsOneForTheDaemonAndItsFilesAreMountedWhereItLooks(@TempDir Path folder)
      throws IOException {
    var text = kubernetes("configmap.yaml").at("/data/genserverd.yaml").asString();
    var config =
        configuration(Files.writeString(folder.resolve("genserverd.yaml"), text), Map.of());
    var mounts = container().at("/volumeMounts");

    assertThat(config.auth()).contains(Auth.TOKEN);
    assertThat(config.tokens().folder())
        .contains(Path.of(named(mounts, "tokens").at("/mountPath").asString()));
    assertThat(config.plugins().dir())
        .isEqualTo(Path.of(named(mounts, "plugins").at("/mountPath").asString()));
    assertThat(imageVariables().get(ConfigLoader.FILE_VARIABLE))
        .isEqualTo(named(mounts, "config").at("/mountPath").asString() + "/genserverd.yaml");
    assertThat(named(mounts, "tmp").at("/mountPath").asString()).isEqualTo("/tmp");
    kubernetes("secret.yaml")
        .at("/stringData")
        .propertyNames()
        .forEach(principal -> assertThat(text).contains("- name: " + principal + "\n"));
  }

  @Test
  void daemonDoesNotTakeThePlaceholderForAToken(@TempDir Path folder) throws IOException {
    var secret = kubernetes("secret.yaml").at("/stringData").properties().iterator().next();
    Files.writeString(folder.resolve(secret.getKey()), secret.getValue().asString());
    assertThatThrownBy(new TokenFolder(folder)::read).isInstanceOf(TokenException.class);
  }

  @Test
  void podHasTimeToEndInOrder(@TempDir Path folder) throws IOException {
    var text = kubernetes("configmap.yaml").at("/data/genserverd.yaml").asString();
    var drain =
        configuration(Files.writeString(folder.resolve("genserverd.yaml"), text), Map.of())
            .shutdown()
            .drain();
    var before = container().at("/lifecycle/preStop/exec/command/1").asString();
    assertThat(pod().at("/terminationGracePeriodSeconds").asLong())
        .isGreaterThanOrEqualTo(
            Duration.ofSeconds(Long.parseLong(before)).plus(drain).plus(TO_STOP).toSeconds());
  }

  @Test
  void podMayDoNothingThatItNeedNot() throws IOException {
    assertThat(dockerfile()).contains("\nUSER 10001:10001\n");
    assertThat(pod().at("/securityContext/runAsUser").asInt()).isEqualTo(10001);
    assertThat(pod().at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
    assertThat(pod().at("/securityContext/seccompProfile/type").asString())
        .isEqualTo("RuntimeDefault");
    assertThat(pod().at("/automountServiceAccountToken").asBoolean(true)).isFalse();
    var rights = container().at("/securityContext");
    assertThat(rights.at("/readOnlyRootFilesystem").asBoolean()).isTrue();
    assertThat(rights.at("/allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(rights.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
  }

  /// For a service called genserverd Kubernetes would set variables that begin as the daemon's do.
  @Test
  void podIsNotToldOfServicesByVariables() {
    assertThat(pod().at("/enableServiceLinks").asBoolean(true)).isFalse();
  }

  @Test
  void portsAreThoseOfTheImageAndAreCalledByTheirNames() {
    var ports = container().at("/ports");
    assertThat(named(ports, "wire").at("/containerPort").asInt()).isEqualTo(6470);
    assertThat(named(ports, "admin").at("/containerPort").asInt()).isEqualTo(6471);
    assertThat(list(kubernetes("service.yaml").at("/spec/ports")))
        .hasSize(2)
        .allSatisfy(port -> named(ports, port.at("/targetPort").asString()));
    assertThat(list(kubernetes("networkpolicy.yaml").at("/spec/ingress")))
        .hasSize(2)
        .allSatisfy(rule -> named(ports, rule.at("/ports/0/port").asString()));
    for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
      assertThat(container().at("/" + probe + "/httpGet/port").asString()).isEqualTo("admin");
    }
    assertThat(container().at("/livenessProbe/httpGet/path").asString()).isEqualTo("/healthz");
    assertThat(container().at("/readinessProbe/httpGet/path").asString()).isEqualTo("/readyz");
  }

  @Test
  void everySelectorFindsThePod() {
    var labels = kubernetes("statefulset.yaml").at("/spec/template/metadata/labels");
    assertThat(
            List.of(
                kubernetes("statefulset.yaml").at("/spec/selector/matchLabels"),
                kubernetes("service.yaml").at("/spec/selector"),
                kubernetes("networkpolicy.yaml").at("/spec/podSelector/matchLabels"),
                kubernetes("poddisruptionbudget.yaml").at("/spec/selector/matchLabels")))
        .allSatisfy(selector -> assertThat(selector).isEqualTo(labels));
  }

  /// docker-compose, before it became docker compose, hands on what is not set as empty.
  @Test
  void composeBuildsOnWhatTheDockerfileBuildsOn() throws IOException {
    var arguments = yaml(COMPOSE).at("/services/genserverd/build/args").properties();
    assertThat(arguments).hasSize(3);
    for (var argument : arguments) {
      var name = argument.getKey();
      var value = argument.getValue().asString();
      assertThat(value).startsWith("${" + name + ":-").endsWith("}");
      var image = value.substring(name.length() + 4, value.length() - 1);
      assertThat(dockerfile()).contains("\nARG " + name + "=" + image + "\n");
    }
  }

  @Test
  void composeServesThisMachineAloneAndHasTimeToEndInOrder() throws IOException {
    var service = yaml(COMPOSE).at("/services/genserverd");
    assertThat(list(service.at("/ports")))
        .hasSize(2)
        .allSatisfy(port -> assertThat(port.asString()).startsWith("127.0.0.1:"));
    var variables = new HashMap<String, String>();
    service
        .at("/environment")
        .properties()
        .forEach(variable -> variables.put(variable.getKey(), variable.getValue().asString()));
    var config =
        configuration(Product.ROOT.resolve("deploy", "compose", "genserverd.yaml"), variables);
    assertThat(config.auth()).contains(Auth.NONE);
    var grace = Duration.parse("PT" + service.at("/stop_grace_period").asString());
    assertThat(grace).isGreaterThanOrEqualTo(config.shutdown().drain().plus(TO_STOP));
  }
}
