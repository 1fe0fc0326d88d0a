package dev.genserver.cli;

import dev.genserver.protocol.Framing;
import dev.genserver.protocol.JsonWriter;
import dev.genserver.protocol.MalformedJsonException;
import dev.genserver.protocol.RawJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;

/// A message as people write it in a shell.
///
/// ```
/// '{"type":"add","by":3}'   JSON                 as it is
/// get                       a word               "get"
/// add by=3 note=hello       a word with fields   {"type":"add","by":3,"note":"hello"}
/// -                         standard input       which is JSON or a word
/// ```
///
/// A word begins with a letter and goes on with letters, digits, `_`, `-` and `.`. A field's value
/// is JSON where it can be, else a string.
final class MessageSyntax {

  private MessageSyntax() {}

  static RawJson parse(List<String> words, InputStream in) {
    var first = words.getFirst();
    if (words.size() > 1) {
      return withFields(first, words.subList(1, words.size()));
    }
    return first.equals("-") ? jsonOrWord(readAll(in)) : jsonOrWord(first);
  }

  /// The same in one line of text, where words end at blanks and nothing is quoted.
  static RawJson parseLine(String line) {
    if (!line.isEmpty() && Character.isLetter(line.charAt(0))) {
      var words = List.of(line.split("\\s+"));
      if (words.size() > 1) {
        return withFields(words.getFirst(), words.subList(1, words.size()));
      }
    }
    return jsonOrWord(line);
  }

  private static RawJson jsonOrWord(String text) {
    if (isWord(text)) {
      return new JsonWriter().string(text).toRawJson();
    }
    try {
      return RawJson.of(text);
    } catch (MalformedJsonException e) {
      throw new CliException(
          CliException.USAGE,
          "the message is neither JSON nor a word: "
              + e.getMessage()
              + "; write '{\"type\":\"add\",\"by\":3}', or get, or add by=3; a text takes its"
              + " double quotes within single ones, '\"like this\"'",
          e);
    }
  }

  private static RawJson withFields(String type, List<String> fields) {
    if (!isWord(type)) {
      throw CliException.usage(
          "the message's first word '"
              + type
              + "' cannot have fields after it; put JSON into one pair of single quotes, or begin"
              + " with a word: add by=3");
    }
    var seen = new HashSet<String>();
    seen.add("type");
    var out = new JsonWriter().beginObject().field("type").string(type);
    for (var field : fields) {
      int equals = field.indexOf('=');
      if (equals <= 0) {
        throw CliException.usage(
            "'" + field + "' is not a field of the message; write name=value, such as by=3");
      }
      var name = field.substring(0, equals);
      if (!seen.add(name)) {
        throw CliException.usage("the message has the field '" + name + "' twice");
      }
      value(field.substring(equals + 1), out.field(name));
    }
    return out.endObject().toRawJson();
  }

  private static void value(String text, JsonWriter out) {
    if (!isWord(text)) {
      try {
        out.json(RawJson.of(text));
        return;
      } catch (MalformedJsonException _) {
        // Then it is a string.
      }
    }
    out.string(text);
  }

  private static boolean isWord(String text) {
    if (text.isEmpty() || !Character.isLetter(text.charAt(0))) {
      return false;
    }
    for (int i = 1; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!Character.isLetterOrDigit(c) && c != '_' && c != '-' && c != '.') {
        return false;
      }
    }
    return !text.equals("true") && !text.equals("false") && !text.equals("null");
  }

  private static String readAll(InputStream in) {
    try {
      byte[] bytes = in.readNBytes(Framing.MAX_FRAME_CEILING + 1);
      if (bytes.length > Framing.MAX_FRAME_CEILING) {
        throw CliException.usage("the message on standard input is longer than any frame may be");
      }
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new CliException(
          CliException.IO, "standard input could not be read: " + e.getMessage(), e);
    }
  }
}
