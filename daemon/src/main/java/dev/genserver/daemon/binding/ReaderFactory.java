package dev.genserver.daemon.binding;

import dev.genserver.daemon.binding.RecordReader.Field;
import dev.genserver.daemon.text.Names;
import dev.genserver.runtime.JavaType;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Builds the readers of one server's message types, and collects what cannot be bound.
///
/// Every problem is one sentence that names the place and how to mend it. Where there is one, the
/// reader is a stand-in, so that the search goes on; it is never used.
final class ReaderFactory {

  private static final MethodType FROM_ARRAY = MethodType.methodType(Object.class, Object[].class);

  private static final String BINDABLE =
      "use a number, boolean, String, enum, record, a sealed interface of records, List, Set, Map"
          + " with String keys, array, Optional, Duration, Instant, LocalDate, UUID, Pid,"
          + " BigInteger, BigDecimal, or Object for any JSON";

  private final Map<JavaType, ValueReader> readers = new HashMap<>();
  private final List<String> problems = new ArrayList<>();

  List<String> problems() {
    return problems;
  }

  /// The reader of a server's calls or casts.
  ///
  /// A sealed family takes its records, a single record takes itself, told apart by `type`; [Void]
  /// takes nothing; every other type takes its JSON as plain data.
  ///
  /// @param where the server and what it takes, for problems
  ValueReader messages(JavaType type, String where) {
    var raw = type.raw();
    if (raw == Void.class) {
      return new FamilyReader("none");
    }
    return raw.isRecord() && ScalarReader.of(raw).isEmpty()
        ? family(type, List.of(type))
        : value(type, where);
  }

  /// The reader of plain data.
  ///
  /// @param where what has this type, for problems
  ValueReader value(JavaType type, String where) {
    return ScalarReader.of(type.raw())
        .or(() -> container(type, where))
        .or(() -> composite(type))
        .orElseGet(() -> unbindable(type, where));
  }

  private Optional<ValueReader> composite(JavaType type) {
    var raw = type.raw();
    if (raw == Object.class) {
      return Optional.of(new AnyReader());
    } else if (raw.isEnum()) {
      return Optional.of(EnumReader.of(raw));
    } else if (raw.isRecord()) {
      return Optional.of(record(type));
    } else if (raw.isSealed()) {
      return Optional.of(sealed(type));
    }
    return Optional.empty();
  }

  private Optional<ValueReader> container(JavaType type, String where) {
    var raw = type.raw();
    if (raw.isArray()) {
      return Optional.of(
          ContainerReader.array(raw.getComponentType(), value(type.component(), where)));
    } else if (raw == List.class || raw == Collection.class) {
      return Optional.of(ContainerReader.list(value(type.argument(0), where)));
    } else if (raw == Set.class) {
      return Optional.of(ContainerReader.set(value(type.argument(0), where)));
    } else if (raw == Optional.class) {
      return Optional.of(new ContainerReader.Maybe(value(type.argument(0), where)));
    } else if (raw == Map.class && hasStringKeys(type)) {
      return Optional.of(new ContainerReader.Entries(value(type.argument(1), where)));
    }
    return Optional.empty();
  }

  private static boolean hasStringKeys(JavaType map) {
    var key = map.argument(0).raw();
    return key == String.class || key == Object.class;
  }

  private RecordReader record(JavaType type) {
    var known = readers.get(type);
    if (known != null) {
      return (RecordReader) known;
    }
    var raw = type.raw();
    var reader = new RecordReader(Names.snakeCase(raw.getSimpleName()));
    readers.put(type, reader);
    var fields = Stream.of(raw.getRecordComponents()).map(part -> field(type, part)).toList();
    reader.link(fields, constructor(raw));
    return reader;
  }

  private Field field(JavaType owner, RecordComponent component) {
    var type = JavaType.of(component.getGenericType(), owner.variables());
    var place = JavaType.nestedName(owner.raw()) + "." + component.getName();
    return new Field(
        Names.snakeCase(component.getName()), value(type, place + " has type " + type.text()));
  }

  private MethodHandle constructor(Class<?> raw) {
    var components = raw.getRecordComponents();
    var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return MethodHandles.privateLookupIn(raw, MethodHandles.lookup())
          .findConstructor(raw, MethodType.methodType(void.class, types))
          .asSpreader(Object[].class, components.length)
          .asType(FROM_ARRAY);
    } catch (ReflectiveOperationException e) {
      problems.add(
          "the record %s cannot be made from outside its module (%s); open its package"
              .formatted(JavaType.nestedName(raw), e.getMessage()));
      return MethodHandles.empty(FROM_ARRAY);
    }
  }

  private ValueReader sealed(JavaType type) {
    var known = readers.get(type);
    return known != null ? known : family(type, leaves(type));
  }

  private FamilyReader family(JavaType type, Collection<JavaType> leaves) {
    var reader = new FamilyReader(Names.snakeCase(type.raw().getSimpleName()));
    if (type.raw().isSealed()) {
      readers.put(type, reader);
    }
    var members = new LinkedHashMap<String, RecordReader>();
    var owners = new HashMap<String, JavaType>();
    for (var leaf : leaves) {
      var member = record(leaf);
      members.put(member.name(), member);
      var other = owners.put(member.name(), leaf);
      if (other != null) {
        problems.add(
            "%s and %s both have the type '%s'; rename one of them"
                .formatted(other.text(), leaf.text(), member.name()));
      }
      if (member.describeFields().containsKey(FamilyReader.TYPE)) {
        problems.add(
            "%s.type has the name of the field that tells messages apart; rename it"
                .formatted(leaf.text()));
      }
    }
    reader.link(members);
    return reader;
  }

  /// The records of a sealed hierarchy, each once, in the order of declaration.
  private Collection<JavaType> leaves(JavaType root) {
    var leaves = new LinkedHashSet<JavaType>();
    for (var permitted : root.raw().getPermittedSubclasses()) {
      var type = JavaType.of(permitted);
      if (permitted.isRecord()) {
        leaves.add(type);
      } else if (permitted.isSealed()) {
        leaves.addAll(leaves(type));
      } else {
        problems.add(
            "%s, of the sealed %s, is no record, and no JSON becomes it; make it a record, or a"
                .concat(" sealed interface of records")
                .formatted(type.text(), root.text()));
      }
    }
    return leaves;
  }

  private ValueReader unbindable(JavaType type, String where) {
    var what =
        type.raw() == JavaType.Unresolved.class
            ? "what " + type.text() + " stands for is not known"
            : "no JSON becomes a " + type.raw().getTypeName();
    problems.add(where + ", and " + what + "; " + BINDABLE);
    return new AnyReader();
  }
}
