package dev.genserver.daemon.binding;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// Reads an object whose field `type` tells which record of a sealed family it is. The string
/// `"get"` is short for `{"type":"get"}`.
final class FamilyReader implements ValueReader {

  /// The field that tells the records of a family apart; it may stand anywhere in the object.
  static final String TYPE = "type";

  private final String name;
  private SequencedMap<String, RecordReader> members = new LinkedHashMap<>();
  private String description = "object";

  /// @param name what it is called in a schema
  FamilyReader(String name) {
    this.name = name;
  }

  /// Set once, right after construction: a family may hold itself.
  void link(SequencedMap<String, RecordReader> members) {
    this.members = members;
    this.description =
        members.keySet().stream()
            .map(tag -> "{type: \"" + tag + "\", …}")
            .collect(Collectors.joining(" | "));
  }

  String name() {
    return name;
  }

  /// The records by their types.
  SequencedMap<String, RecordReader> members() {
    return Collections.unmodifiableSequencedMap(members);
  }

  @Override
  public String describe() {
    return description;
  }

  /// The types and their fields.
  Map<String, Object> describeMembers() {
    var described = new LinkedHashMap<String, Object>();
    members.forEach((tag, member) -> described.put(tag, member.describeFields()));
    return described;
  }

  @Override
  public Map<String, Object> schema(Schema in) {
    var forms = new ArrayList<Map<String, Object>>();
    var bare =
        members.values().stream().filter(RecordReader::isOptional).map(RecordReader::name).toList();
    if (!bare.isEmpty()) {
      forms.add(Map.of("enum", bare));
    }
    members.values().forEach(member -> forms.add(member.taggedSchema(in)));
    return forms.isEmpty() ? Map.of("not", Map.of()) : Map.of("oneOf", forms);
  }

  /// The record that an object is, and where its other fields begin.
  private record Selected(RecordReader member, @Nullable String next, int tagsAhead) {}

  @Override
  public Object read(JsonInput in) {
    var selected = select(in);
    return selected.member.readTagged(in, selected.next, selected.tagsAhead);
  }

  /// Whether the JSON names a known type and has its fields, no more and no less. Does not look
  /// into the fields, and runs no code of the records.
  void check(JsonInput in) {
    var selected = select(in);
    selected.member.checkTagged(in, selected.next, selected.tagsAhead);
  }

  private Selected select(JsonInput in) {
    return switch (in.parser().currentToken()) {
      case VALUE_STRING -> new Selected(member(in, in.parser().getString()), null, 0);
      case START_OBJECT -> {
        var start = in.tokenOffset();
        var first = in.parser().nextName();
        yield TYPE.equals(first)
            ? new Selected(currentMember(in), in.parser().nextName(), 0)
            : new Selected(memberAhead(in, start), first, 1);
      }
      default -> throw wrong(in);
    };
  }

  private RecordReader currentMember(JsonInput in) {
    if (in.parser().nextToken() != JsonToken.VALUE_STRING) {
      throw in.wrong("a string");
    }
    return member(in, in.parser().getString());
  }

  private RecordReader memberAhead(JsonInput in, int start) {
    var tag = in.lookAheadForType(start);
    if (tag == null) {
      throw in.refusedAbove("the field 'type' is missing or no string; " + knownTypes());
    }
    return member(in, tag);
  }

  private RecordReader member(JsonInput in, String tag) {
    var member = members.get(tag);
    if (member == null) {
      throw in.unknown(
          "type '%s' is unknown, %s".formatted(JsonInput.shown(tag), knownTypes()),
          tag,
          members.keySet());
    }
    return member;
  }

  private RefusedException wrong(JsonInput in) {
    return in.wrong(
        "an object with a field 'type', or the type alone as a string; " + knownTypes());
  }

  private String knownTypes() {
    return members.isEmpty()
        ? "none is taken"
        : "known types: " + String.join(", ", members.keySet());
  }
}
