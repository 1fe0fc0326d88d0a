package dev.genserver.conformance;

/// What clients send, as JSON.
final class Requests {

  private Requests() {}

  /// @param id a number or a string
  /// @param msg JSON
  static String call(Object id, String to, String msg) {
    return "{\"op\":\"call\",\"id\":%s,\"to\":\"%s\",\"msg\":%s}".formatted(json(id), to, msg);
  }

  /// @param more further fields, such as `"timeout_ms":100`
  static String call(Object id, String to, String msg, String more) {
    return with(call(id, to, msg), more);
  }

  /// A cast that is not confirmed.
  static String cast(String to, String msg) {
    return "{\"op\":\"cast\",\"to\":\"%s\",\"msg\":%s}".formatted(to, msg);
  }

  static String confirmedCast(Object id, String to, String msg) {
    return with(cast(to, msg), "\"id\":" + json(id));
  }

  static String cancel(Object id) {
    return "{\"op\":\"cancel\",\"id\":%s}".formatted(json(id));
  }

  static String monitor(Object id, String to) {
    return "{\"op\":\"monitor\",\"id\":%s,\"to\":\"%s\"}".formatted(json(id), to);
  }

  static String demonitor(Object id, String ref) {
    return "{\"op\":\"demonitor\",\"id\":%s,\"ref\":\"%s\"}".formatted(json(id), ref);
  }

  static String ping(Object id) {
    return "{\"op\":\"ping\",\"id\":%s}".formatted(json(id));
  }

  static String hello(Object id) {
    return "{\"op\":\"hello\",\"id\":%s,\"versions\":[1]}".formatted(json(id));
  }

  /// An object with more fields.
  static String with(String object, String more) {
    return object.substring(0, object.length() - 1) + "," + more + "}";
  }

  private static String json(Object id) {
    return id instanceof String ? "\"" + id + "\"" : id.toString();
  }
}
