package dev.genserver.daemon.binding;

import dev.genserver.daemon.text.Names;
import dev.genserver.runtime.JavaType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.SerializedString;

/// Writes the records of one class. Kept by the class itself, so that it goes when its loader goes.
///
/// @param tag what `type` is; null if the record belongs to no sealed family
record RecordWriter(@Nullable String tag, List<Component> components) {

  /// @param accessor takes the record, gives the component's value, both as `Object`
  record Component(SerializedString name, MethodHandle accessor) {}

  private static final MethodType ACCESSOR = MethodType.methodType(Object.class, Object.class);

  private static final ClassValue<RecordWriter> WRITERS =
      new ClassValue<>() {
        @Override
        protected RecordWriter computeValue(Class<?> type) {
          return create(type);
        }
      };

  static RecordWriter of(Class<?> type) {
    return WRITERS.get(type);
  }

  void write(Record data, ValueWriter writer) {
    var out = writer.out();
    out.writeStartObject();
    if (tag != null) {
      out.writeName(FamilyReader.TYPE);
      out.writeString(tag);
    }
    for (var component : components) {
      out.writeName(component.name());
      writer.write(valueOf(component, data, writer));
    }
    out.writeEndObject();
  }

  private static @Nullable Object valueOf(Component component, Record data, ValueWriter writer) {
    try {
      return (Object) component.accessor().invokeExact((Object) data);
    } catch (Error e) {
      throw e;
    } catch (Throwable thrown) {
      throw writer.unencodable("its accessor threw " + thrown, thrown);
    }
  }

  private static RecordWriter create(Class<?> type) {
    var components = new ArrayList<Component>();
    var tag = isOfFamily(type) ? Names.snakeCase(type.getSimpleName()) : null;
    try {
      var lookup = MethodHandles.privateLookupIn(type, MethodHandles.lookup());
      for (var component : type.getRecordComponents()) {
        components.add(component(lookup, component));
      }
    } catch (IllegalAccessException e) {
      throw new UnencodableReplyException(
          "the record %s is closed to the daemon; open its package".formatted(type.getName()), e);
    }
    if (tag != null && Stream.of(type.getRecordComponents()).anyMatch(RecordWriter::isNamedType)) {
      throw new UnencodableReplyException(
          JavaType.nestedName(type)
              + ".type has the name of the field that tells the records of a sealed family apart;"
              + " rename it",
          null);
    }
    return new RecordWriter(tag, List.copyOf(components));
  }

  private static boolean isNamedType(RecordComponent component) {
    return component.getName().equals(FamilyReader.TYPE);
  }

  private static Component component(MethodHandles.Lookup lookup, RecordComponent component)
      throws IllegalAccessException {
    return new Component(
        new SerializedString(Names.snakeCase(component.getName())),
        lookup.unreflect(component.getAccessor()).asType(ACCESSOR));
  }

  private static boolean isOfFamily(Class<?> type) {
    return type.isSealed() || Stream.of(type.getInterfaces()).anyMatch(RecordWriter::isOfFamily);
  }
}
