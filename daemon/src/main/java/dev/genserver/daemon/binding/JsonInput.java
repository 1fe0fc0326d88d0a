package dev.genserver.daemon.binding;

import dev.genserver.daemon.text.Names;
import java.util.Collection;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamContext;
import tools.jackson.core.json.JsonFactory;

/// One JSON value in a byte array, as it is read. For one thread.
final class JsonInput implements AutoCloseable {

  /// As deep as the wire allows.
  static final int MAX_DEPTH = 64;

  private static final int LONGEST_SHOWN = 40;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
          .build();

  private final byte[] json;
  private final int offset;
  private final int length;
  private final JsonParser parser;

  JsonInput(byte[] json, int offset, int length) {
    this.json = json;
    this.offset = offset;
    this.length = length;
    this.parser = JSON.createParser(ObjectReadContext.empty(), json, offset, length);
  }

  JsonParser parser() {
    return parser;
  }

  /// Goes to the first token of the value.
  void begin() {
    if (parser.nextToken() == null) {
      throw new RefusedException("it is empty", null);
    }
  }

  /// Makes sure that nothing comes after the value.
  void end() {
    if (parser.nextToken() != null) {
      throw new RefusedException("there is more after its end", null);
    }
  }

  /// Where the current token begins, counted from the beginning of the value.
  int tokenOffset() {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  /// The field `type` of the object that begins at `start`, wherever in the object it stands; null
  /// if there is none, or it is no string.
  @Nullable String lookAheadForType(int start) {
    try (var ahead =
        JSON.createParser(ObjectReadContext.empty(), json, offset + start, length - start)) {
      ahead.nextToken();
      for (var name = ahead.nextName(); name != null; name = ahead.nextName()) {
        var value = ahead.nextToken();
        if (name.equals(FamilyReader.TYPE)) {
          return value == JsonToken.VALUE_STRING ? ahead.getString() : null;
        }
        ahead.skipChildren();
      }
      return null;
    }
  }

  /// The current value is not `wanted`.
  RefusedException wrong(String wanted) {
    var path = path(parser.streamReadContext());
    var what = path.isEmpty() ? "it" : "'" + path + "'";
    return new RefusedException(what + " must be " + wanted + ", is " + found(), null);
  }

  /// The current value, read to its end, is refused.
  RefusedException refused(String reason) {
    return new RefusedException(reason + at(parser.streamReadContext()), null);
  }

  /// The object in which the parser stands is refused.
  RefusedException refusedAbove(String reason) {
    return new RefusedException(reason + at(parser.streamReadContext().getParent()), null);
  }

  /// The object in which the parser stands has a field twice.
  RefusedException twice(String name) {
    return refusedAbove("the field '" + shown(name) + "' is there twice");
  }

  /// The object in which the parser stands has `name`, which is none of `known`.
  RefusedException unknown(String reason, String name, Collection<String> known) {
    return new RefusedException(
        reason + at(parser.streamReadContext().getParent()) + Names.didYouMean(name, known),
        Names.nearest(name, known).orElse(null));
  }

  private static String at(@Nullable TokenStreamContext context) {
    var path = path(context);
    return path.isEmpty() ? "" : " (at '" + path + "')";
  }

  private String found() {
    return switch (parser.currentToken()) {
      case START_OBJECT, END_OBJECT, PROPERTY_NAME -> "an object";
      case START_ARRAY, END_ARRAY -> "a list";
      case VALUE_STRING -> "the string \"" + shown(parser.getString()) + '"';
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> shown(parser.getString());
      case VALUE_TRUE -> "true";
      case VALUE_FALSE -> "false";
      case VALUE_NULL -> "null";
      case NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "no JSON";
    };
  }

  /// `text`, cut where it is long, for what a client sent is told back to it. Never cuts a
  /// surrogate pair, half of which could not be written.
  static String shown(String text) {
    if (text.length() <= LONGEST_SHOWN) {
      return text;
    }
    var pair = Character.isHighSurrogate(text.charAt(LONGEST_SHOWN - 1));
    return text.substring(0, LONGEST_SHOWN - (pair ? 1 : 0)) + "…";
  }

  /// `items[2].sku`; empty at the top.
  static String path(@Nullable TokenStreamContext context) {
    if (context == null || context.inRoot()) {
      return "";
    }
    var parent = path(context.getParent());
    if (context.inObject() && context.hasCurrentName()) {
      var name = shown(context.currentName());
      return parent.isEmpty() ? name : parent + "." + name;
    }
    return context.inArray() && context.hasCurrentIndex()
        ? parent + "[" + context.getCurrentIndex() + "]"
        : parent;
  }

  @Override
  public void close() {
    parser.close();
  }
}
