package dev.genserver.client;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// Sealed families of records, whose members are told apart by a tag.
final class Families {

  /// The field that holds the tag.
  static final String TAG = "type";

  private static final ClassValue<Boolean> MEMBERS =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return type.isRecord() && Stream.of(type.getInterfaces()).anyMatch(Families::isFamily);
        }
      };

  private Families() {}

  /// Whether `type` is a sealed interface of nothing but records, at any depth.
  static boolean isFamily(Class<?> type) {
    return type.isInterface()
        && type.isSealed()
        && Stream.of(type.getPermittedSubclasses())
            .allMatch(member -> member.isRecord() || isFamily(member));
  }

  /// Whether `type` is a record of a family. Looked up once for each type, as it is asked for each
  /// message.
  static boolean isMember(Class<?> type) {
    return MEMBERS.get(type);
  }

  /// The records of a family.
  static List<Class<?>> members(Class<?> family) {
    var members = new ArrayList<Class<?>>();
    for (var member : family.getPermittedSubclasses()) {
      if (member.isRecord()) {
        members.add(member);
      } else {
        members.addAll(members(member));
      }
    }
    return members;
  }

  /// Whether the record has a component that is called like the tag.
  static boolean hasOwnTag(Class<?> type) {
    return Stream.of(type.getRecordComponents())
        .map(RecordComponent::getName)
        .anyMatch(TAG::equals);
  }

  /// The record's name in snake_case: `AddMany` is `add_many`, `HTTPGet` is `http_get`.
  static String tagOf(Class<?> type) {
    var name = type.getSimpleName();
    var tag = new StringBuilder(name.length() + 4);
    for (int i = 0; i < name.length(); i++) {
      if (i > 0 && startsWord(name, i)) {
        tag.append('_');
      }
      tag.append(Character.toLowerCase(name.charAt(i)));
    }
    return tag.toString();
  }

  private static boolean startsWord(String name, int at) {
    char before = name.charAt(at - 1);
    if (!Character.isUpperCase(name.charAt(at)) || before == '_') {
      return false;
    }
    boolean endsAcronym = at + 1 < name.length() && Character.isLowerCase(name.charAt(at + 1));
    return !Character.isUpperCase(before) || endsAcronym;
  }
}
