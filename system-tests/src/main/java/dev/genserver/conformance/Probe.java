package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;

import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// A process of the plugin `conformance` that one row has for itself.
///
/// @param control a connection apart from those that the row is about
record Probe(String name, String pid, Peer control) {

  static final int DEFAULT_QUEUE = 10_000;

  static Probe start(Peer control, String name, int maxQueue) throws IOException {
    var started =
        control.ask(
            Requests.call(
                "start",
                "conformance",
                "{\"type\":\"start\",\"name\":\"%s\",\"max_queue\":%d}".formatted(name, maxQueue)));
    return new Probe(name, started.result("start").asString(), control);
  }

  /// A call to it.
  String call(Object id, String msg) {
    return Requests.call(id, name, msg);
  }

  /// @param more further fields, such as `"timeout_ms":100`
  String call(Object id, String msg, String more) {
    return Requests.call(id, name, msg, more);
  }

  String cast(String msg) {
    return Requests.cast(name, msg);
  }

  String confirmedCast(Object id, String msg) {
    return Requests.confirmedCast(id, name, msg);
  }

  static String note(String tag) {
    return "{\"type\":\"note\",\"tag\":\"%s\"}".formatted(tag);
  }

  static String count(long by) {
    return "{\"type\":\"count\",\"by\":%d}".formatted(by);
  }

  static String echo(String json) {
    return "{\"type\":\"echo\",\"value\":%s}".formatted(json);
  }

  static String text(int length) {
    return "{\"type\":\"text\",\"length\":%d}".formatted(length);
  }

  static String crash(String message) {
    return "{\"type\":\"crash\",\"message\":\"%s\"}".formatted(message);
  }

  /// Waits until one more of its callbacks is held.
  void awaitHeld() throws IOException {
    demand(root("await_held").asBoolean(), "'%s' was not held", name);
  }

  /// Lets one callback on that is held, or will be.
  void release() throws IOException {
    root("release");
  }

  /// What it has handled, in order.
  JsonNode log() throws IOException {
    return control.ask(call("log", "\"log\"")).result("log");
  }

  /// What it has counted.
  long counted() throws IOException {
    return control.ask(call("get", "\"get\"")).result("get").asLong();
  }

  /// Ends it, whatever it is at.
  void end() throws IOException {
    end(control);
  }

  void end(Peer over) throws IOException {
    root("end", over);
  }

  private JsonNode root(String type) throws IOException {
    return root(type, control);
  }

  private JsonNode root(String type, Peer over) throws IOException {
    return over.ask(
            Requests.call(
                type,
                "conformance",
                "{\"type\":\"%s\",\"name\":\"%s\"}".formatted(type, name),
                "\"timeout_ms\":15000"))
        .result(type);
  }
}
