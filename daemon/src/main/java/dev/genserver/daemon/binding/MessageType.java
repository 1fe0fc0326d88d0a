package dev.genserver.daemon.binding;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/// The calls, or the casts, that a server takes.
///
/// @param word `call` or `cast`, for errors
record MessageType(String word, ValueReader reader) {

  Object decode(byte[] json, int offset, int length) {
    try (var in = new JsonInput(json, offset, length)) {
      in.begin();
      var message = reader.read(in);
      in.end();
      return message;
    } catch (RefusedException e) {
      throw new BadMessageException(problem(e));
    } catch (JacksonException | NumberFormatException e) {
      throw new BadMessageException(problem(malformed(e)));
    }
  }

  Optional<BadMessage> check(byte[] json, int offset, int length) {
    try (var in = new JsonInput(json, offset, length)) {
      in.begin();
      if (reader instanceof FamilyReader family) {
        family.check(in);
      } else {
        in.parser().skipChildren();
      }
      in.end();
      return Optional.empty();
    } catch (RefusedException e) {
      return Optional.of(problem(e));
    } catch (JacksonException | NumberFormatException e) {
      return Optional.of(problem(malformed(e)));
    }
  }

  /// The known types with their fields; for a server that takes plain data, its type.
  Object describe() {
    return reader instanceof FamilyReader family ? family.describeMembers() : reader.describe();
  }

  private BadMessage problem(RefusedException refused) {
    var details = new LinkedHashMap<String, Object>();
    details.put("types", describe());
    var suggestion = refused.suggestion();
    if (suggestion != null) {
      details.put("did_you_mean", suggestion);
    }
    return new BadMessage(word + " refused: " + refused.getMessage(), Map.copyOf(details));
  }

  /// A number whose exponent no number can have is found out late, and not by Jackson itself.
  private static RefusedException malformed(RuntimeException e) {
    return new RefusedException(
        e instanceof JacksonException json
            ? "it is not valid JSON: " + json.getOriginalMessage()
            : "it has a number beyond all limits",
        null);
  }
}
