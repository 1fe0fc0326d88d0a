package dev.genserver.daemon.binding;

import dev.genserver.daemon.binding.ContainerReader.Elements;
import dev.genserver.daemon.binding.ContainerReader.Entries;
import dev.genserver.daemon.binding.ContainerReader.Maybe;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Whether a new version of a server takes all the messages that the old one took.
public final class Contract {

  /// What an old reader took, and the new one that stands in its place.
  private record Pair(ValueReader old, ValueReader now) {}

  private final List<String> broken = new ArrayList<>();

  /// Records and families that are compared already, or are being compared: they may hold
  /// themselves.
  private final Set<Pair> compared = new HashSet<>();

  private Contract() {}

  /// What the old class took and the new one refuses: one sentence for each, calls before casts;
  /// none if every caller may go on as before.
  ///
  /// The classes may come from different class loaders, and may have different names. What their
  /// types cannot say is not compared: the constructor of a new record may refuse fields that the
  /// old one took. A record or family that stands in several places of the calls, or of the casts,
  /// is compared with its successor once, and told of at the first.
  ///
  /// @throws UnbindableException if the message types of one of the classes cannot be bound
  public static List<String> broken(Class<?> oldServer, Class<?> newServer) {
    var old = Binding.of(oldServer);
    var now = Binding.of(newServer);
    var broken = new ArrayList<>(broken(old.calls(), now.calls()));
    broken.addAll(broken(old.casts(), now.casts()));
    return List.copyOf(broken);
  }

  static List<String> broken(MessageType old, MessageType now) {
    var contract = new Contract();
    contract.compare(new Place(old.word(), ""), old.reader(), now.reader());
    return contract.broken;
  }

  private void compare(Place at, ValueReader old, ValueReader now) {
    if (old instanceof Maybe && !(now instanceof Maybe)) {
      broken.add(at.subject() + " may no longer be missing or null");
    }
    comparePresent(at, new Pair(present(old), present(now)));
  }

  private static ValueReader present(ValueReader reader) {
    return reader instanceof Maybe(var value) ? present(value) : reader;
  }

  private void comparePresent(Place at, Pair pair) {
    switch (pair) {
      case Pair(_, AnyReader _) -> {}
      case Pair _ when compared.contains(pair) -> {}
      case Pair(FamilyReader old, FamilyReader now) -> compareMembers(at, old, now);
      case Pair(RecordReader old, RecordReader now) -> compareFields(at, old, now);
      case Pair(RecordReader old, Entries(var now)) ->
          byName(old).forEach((name, field) -> compare(at.field(name), field, now));
      case Pair(Entries(var old), Entries(var now)) -> compare(at.value(), old, now);
      case Pair(Elements(var old, _), Elements(var now, _)) -> compare(at.element(), old, now);
      case Pair(EnumReader old, EnumReader now) -> compareConstants(at, old, now);
      case Pair(var old, var now) when takesAllOf(now, old) -> {}
      case Pair(var old, var now) -> broken.add(at.became(kind(old), kind(now)));
    }
  }

  /// For readers that hold no others, or are of different kinds.
  private static boolean takesAllOf(ValueReader now, ValueReader old) {
    return switch (old) {
      case ScalarReader scalar -> scalar.equals(now) || ScalarKind.of(scalar).isTakenBy(now);
      case EnumReader _ -> now.equals(ScalarKind.STRING);
      case FamilyReader family -> family.members().isEmpty();
      case AnyReader _, ContainerReader _, RecordReader _ -> false;
    };
  }

  private void compareMembers(Place at, FamilyReader old, FamilyReader now) {
    compared.add(new Pair(old, now));
    old.members()
        .forEach((tag, member) -> {
          var successor = now.members().get(tag);
          if (successor == null) {
            broken.add(at.noLongerTakes(tag));
          } else {
            comparePresent(at.member(tag), new Pair(member, successor));
          }
        });
  }

  private void compareFields(Place at, RecordReader old, RecordReader now) {
    compared.add(new Pair(old, now));
    var known = byName(old);
    var successors = byName(now);
    known.forEach((name, field) -> {
      var successor = successors.get(name);
      if (successor == null) {
        broken.add(at.subject() + " no longer has the field '" + name + "'");
      } else {
        compare(at.field(name), field, successor);
      }
    });
    successors.forEach((name, field) -> {
      if (!known.containsKey(name) && field.absent() == null) {
        broken.add(
            "%s has the new field '%s' (%s), which callers do not send; make it an Optional"
                .formatted(at.subject(), name, field.describe()));
      }
    });
  }

  /// Of two components with one name in JSON, as `aB` and `a_b`, the last gets the field.
  private static Map<String, ValueReader> byName(RecordReader reader) {
    var fields = new LinkedHashMap<String, ValueReader>();
    reader.fields().forEach(field -> fields.put(field.name(), field.reader()));
    return fields;
  }

  /// Of a constant with two names, as `red` and `RED`, only the first that is gone is told.
  private void compareConstants(Place at, EnumReader old, EnumReader now) {
    var gone = new HashSet<>();
    old.constants()
        .forEach((name, constant) -> {
          if (!now.constants().containsKey(name) && gone.add(constant)) {
            broken.add(at.noLongerTakes(name));
          }
        });
  }

  private static String kind(ValueReader reader) {
    return switch (reader) {
      case AnyReader _ -> "any JSON";
      case ScalarReader scalar -> ScalarKind.of(scalar).words();
      case EnumReader constants -> constants.describe();
      case FamilyReader family ->
          family.members().isEmpty() ? "nothing" : "an object with a field 'type'";
      case RecordReader _ -> "an object with fixed fields";
      case Entries _ -> "a map";
      case Elements _ -> "a list";
      case Maybe(var value) -> kind(value);
    };
  }
}
