package dev.genserver.daemon.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// An object of a reply, field after field. What is not there is left out. For one thread.
final class JsonObject {

  private final Map<String, Object> fields = new LinkedHashMap<>();

  JsonObject with(String name, @Nullable Object value) {
    switch (value) {
      case null -> {}
      case Optional<?> maybe -> maybe.ifPresent(there -> fields.put(name, there));
      case Object there -> fields.put(name, there);
    }
    return this;
  }

  Map<String, Object> toMap() {
    return fields;
  }
}
