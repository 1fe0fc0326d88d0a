package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static dev.genserver.conformance.Demand.demandEqual;

import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A message of the daemon. What a row demands of it and is not so fails the row.
///
/// It is read with another JSON library than the daemon's own.
record Answer(JsonNode json) {

  static final JsonMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  static Answer parse(byte[] bytes) {
    try {
      return new Answer(JSON.readTree(bytes));
    } catch (JacksonException e) {
      throw new AssertionError(
          "what the daemon sent is no JSON: " + new String(bytes, StandardCharsets.UTF_8), e);
    }
  }

  String op() {
    return json.path("op").asString("");
  }

  /// Demands that it is this message.
  Answer is(String op) {
    demand(op().equals(op), "%s was expected, not %s", op, this);
    return this;
  }

  /// Demands that it carries this id: a whole number or a string.
  Answer id(Object id) {
    demand(hasId(id), "id %s was expected in %s", id, this);
    return this;
  }

  boolean hasId(Object id) {
    var found = json.path("id");
    return id instanceof String
        ? found.isString() && found.asString().equals(id)
        : found.isIntegralNumber() && found.bigIntegerValue().toString().equals(id.toString());
  }

  /// Demands that it has these fields and no others.
  Answer fields(String... names) {
    demandEqual(new TreeSet<>(json.propertyNames()), new TreeSet<>(Set.of(names)), this);
    return this;
  }

  /// Demands a reply to the call `id`, and gives its result.
  JsonNode result(Object id) {
    return is("reply").id(id).fields("op", "id", "result").json.get("result");
  }

  /// Demands a reply with this result, given as JSON.
  void result(Object id, String result) {
    demandEqual(result(id), JSON.readTree(result), this);
  }

  /// Demands an error with an id.
  Answer error(Object id, String code, String executed) {
    return id(id).error(code, executed);
  }

  Answer error(String code, String executed) {
    is("error");
    var error = json.path("error");
    demandEqual(error.path("code").asString(""), code, this);
    demandEqual(error.path("executed").asString(""), executed, this);
    demand(!error.path("message").asString("").isBlank(), "an error has a message: %s", this);
    return this;
  }

  /// One of the error's details, and demands that it is there.
  JsonNode detail(String name) {
    var detail = json.path("error").path("details").path(name);
    demand(!detail.isMissingNode(), "details.%s is missing in %s", name, this);
    return detail;
  }

  /// Demands that one of the error's details is this, given as JSON.
  Answer detail(String name, String value) {
    demandEqual(detail(name), JSON.readTree(value), this);
    return this;
  }

  /// Demands a goodbye for this reason.
  Answer goodbye(String code) {
    is("goodbye");
    demandEqual(text("code"), code, this);
    demand(!text("message").isBlank(), "a goodbye has a message: %s", this);
    return this;
  }

  /// A string in it, empty if there is none.
  String text(String field) {
    return json.path(field).asString("");
  }

  @Override
  public String toString() {
    var text = json.toString();
    return text.length() > 500 ? text.substring(0, 500) + "…" : text;
  }
}
