package dev.genserver.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.genserver.daemon.access.Access;
import dev.genserver.daemon.access.AccessControl;
import dev.genserver.daemon.http.Route.Entry;
import dev.genserver.daemon.request.Gate;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.RawJson;
import dev.genserver.runtime.Node;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What openapi.json and the page beside it say is what there is.
class OpenApiTest {

  /// Errors that only the wire has.
  private static final Set<ErrorCode> OF_THE_WIRE =
      Set.of(
          ErrorCode.BAD_FRAME,
          ErrorCode.UNSUPPORTED_VERSION,
          ErrorCode.SLOW_CONSUMER,
          ErrorCode.UNRECOGNISED);

  private static String resource(String name) throws IOException {
    try (var in = OpenApiTest.class.getResourceAsStream("/api/" + name)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Map<?, ?> description() throws IOException {
    return (Map<?, ?>) RawJson.of(resource("openapi.json").strip()).toValue();
  }

  private static Object at(Object node, String... path) {
    for (var key : path) {
      node = ((Map<?, ?>) node).get(key);
      assertThat(node).as(key).isNotNull();
    }
    return node;
  }

  private static List<Route> routes() {
    try (var node = Node.create()) {
      var gate = new Gate(node, new AccessControl(Access.OPEN));
      var limits = new CallLimits(1_000, Duration.ofHours(1), false);
      var calls = new Calls(gate, node, new Callers(), limits);
      Metrics metrics = (accept, perProcess) -> new Metrics.Scrape("text/plain", "");
      return Site.of(gate, new Readiness(), calls, metrics, viewer -> {}).routes();
    }
  }

  @Test
  void pathsAndMethodsAreThoseThatThereAre() throws IOException {
    var described = new TreeMap<String, Set<?>>();
    ((Map<?, ?>) at(description(), "paths"))
        .forEach((path, methods) -> described.put(path.toString(), ((Map<?, ?>) methods).keySet()));
    var there = new TreeMap<String, Set<?>>();
    there.put(Health.ALIVE, Set.of("get"));
    there.put(Health.READY, Set.of("get"));
    routes()
        .forEach(route -> there.put(route.path(), Set.of(route.method().toLowerCase(Locale.ROOT))));
    assertThat(described).isEqualTo(there);
  }

  @Test
  void loginIsRequiredWhereItSaysSo() throws IOException {
    var paths = at(description(), "paths");
    for (var route : routes()) {
      var operation = (Map<?, ?>) at(paths, route.path(), route.method().toLowerCase(Locale.ROOT));
      var open = List.of().equals(operation.get("security"));
      assertThat(open).as(route.path()).isEqualTo(route.entry() == Entry.ANYBODY);
      assertThat(((Map<?, ?>) operation.get("responses")).containsKey("401"))
          .as(route.path())
          .isNotEqualTo(open);
    }
  }

  @Test
  void errorsHaveTheStatusThatItSays() throws IOException {
    var described = new TreeMap<String, Set<Object>>();
    ((Map<?, ?>) at(description(), "components", "responses"))
        .forEach((status, response) ->
            described.put(
                status.toString(), new TreeSet<>((List<?>) at(response, "x-error-codes"))));
    var there = new TreeMap<String, Set<Object>>();
    for (var code : ErrorCode.values()) {
      if (!OF_THE_WIRE.contains(code)) {
        there
            .computeIfAbsent(Integer.toString(Status.of(code)), _ -> new TreeSet<>())
            .add(code.wireName());
      }
    }
    assertThat(described).isEqualTo(there);
    var error = at(description(), "components", "schemas", "Failure", "properties", "error");
    var codes = new TreeSet<Object>((List<?>) at(error, "properties", "code", "enum"));
    var all = new TreeSet<Object>();
    there.values().forEach(all::addAll);
    assertThat(codes).isEqualTo(all);
  }

  @Test
  void callsNameEachErrorThatTheyCanHave() throws IOException {
    var responses = (Map<?, ?>) at(description(), "paths", "/v1/call/{name}", "post", "responses");
    var statuses =
        Stream.of(ErrorCode.values())
            .filter(code -> !OF_THE_WIRE.contains(code))
            .map(code -> Integer.toString(Status.of(code)))
            .collect(Collectors.toSet());
    statuses.add("200");
    assertThat(responses.keySet()).isEqualTo(statuses);
  }

  @Test
  void eachReferenceLeadsSomewhere() throws IOException {
    var description = description();
    var references = new HashSet<String>();
    collect(description, references);
    assertThat(references).hasSizeGreaterThan(8);
    for (var reference : references) {
      assertThat(reference).startsWith("#/");
      at(description, reference.substring(2).split("/"));
    }
  }

  private static void collect(Object node, Set<String> references) {
    if (node instanceof Map<?, ?> map) {
      map.forEach((key, value) -> {
        if (key.equals("$ref")) {
          references.add(value.toString());
        }
        collect(value, references);
      });
    } else if (node instanceof List<?> list) {
      list.forEach(each -> collect(each, references));
    }
  }

  @Test
  void pageForPeopleTellsOfEachRequestAndEachError() throws IOException {
    var page = resource("index.html");
    routes().stream()
        .map(Route::path)
        .filter(path -> !path.endsWith(".css"))
        .forEach(path -> assertThat(page).contains(path));
    assertThat(page).contains(Health.ALIVE, Health.READY);
    for (var code : ErrorCode.values()) {
      if (!OF_THE_WIRE.contains(code)) {
        assertThat(page)
            .containsPattern("<tr><td>" + Status.of(code) + "</td><td>[^\n]*" + code.wireName());
      }
    }
  }
}
