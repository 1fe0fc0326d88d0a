package dev.genserver.daemon.binding;

import dev.genserver.runtime.JavaType;
import dev.genserver.sdk.GenServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What JSON the calls and casts of one server class are. Immutable and thread-safe.
///
/// A server declares its messages as the type arguments of [GenServer]. A sealed interface of
/// records takes objects whose field `type` is a record's name in snake_case and whose other fields
/// are its components, in snake_case too: `{"type":"add","by":3}` becomes `new Add(3)`, and `"get"`
/// is short for `{"type":"get"}`. Any other type takes its JSON as plain data. Nothing is guessed:
/// an unknown type or field, a missing one, a null, a number out of range are refused.
public final class Binding {

  private static final ClassValue<Binding> BINDINGS =
      new ClassValue<>() {
        @Override
        protected Binding computeValue(Class<?> server) {
          return bind(server);
        }
      };

  /// For the servers of the SDK itself, which are agents: functions are not JSON.
  private static final Binding NOTHING =
      new Binding(
          new MessageType("call", new FamilyReader("none")),
          new MessageType("cast", new FamilyReader("none")));

  private final MessageType calls;
  private final MessageType casts;

  private Binding(MessageType calls, MessageType casts) {
    this.calls = calls;
    this.casts = casts;
  }

  /// The binding of a subclass of [GenServer]; built at the first time, then cheap to ask for. It
  /// is kept by the class itself, and so goes when its class loader goes.
  ///
  /// @throws UnbindableException if its message types cannot be bound
  public static Binding of(Class<?> server) {
    return BINDINGS.get(server);
  }

  /// The call that `length` bytes of JSON from `offset` on are. Runs constructors of the plugin:
  /// for the thread of the process.
  ///
  /// @throws BadMessageException if the server takes no such call
  public Object decodeCall(byte[] json, int offset, int length) {
    return calls.decode(json, offset, length);
  }

  /// The cast that `length` bytes of JSON from `offset` on are; see [#decodeCall].
  ///
  /// @throws BadMessageException if the server takes no such cast
  public Object decodeCast(byte[] json, int offset, int length) {
    return casts.decode(json, offset, length);
  }

  /// Whether `length` bytes of JSON from `offset` on have the form of a cast: the type is known,
  /// its fields are there and no others. Runs no code of the plugin and does not look into the
  /// fields, so [#decodeCast] may still refuse it.
  ///
  /// @return what is wrong, if something is
  public Optional<BadMessage> checkCast(byte[] json, int offset, int length) {
    return casts.check(json, offset, length);
  }

  MessageType calls() {
    return calls;
  }

  MessageType casts() {
    return casts;
  }

  /// `calls` and `casts`, each a map from the types to their fields and the JSON that those take,
  /// as in `{"add": {"by": "integer"}}`; or the JSON itself, as in `"any"`, where it is plain data.
  public Map<String, Object> describe() {
    return Map.of("calls", calls.describe(), "casts", casts.describe());
  }

  /// `calls` and `casts`, each the JSON Schema (draft 2020-12) of what is taken. What a schema
  /// cannot say: `1.0` is no integer here; integers that a number of the type would round are
  /// refused; a record may refuse its fields.
  public Map<String, Object> schema() {
    return Schema.keywords(
        "calls", Schema.document(calls.reader()), "casts", Schema.document(casts.reader()));
  }

  private static Binding bind(Class<?> server) {
    if (!GenServer.class.isAssignableFrom(server)) {
      throw new UnbindableException(List.of(server.getName() + " does not extend GenServer"));
    }
    if (server.getPackage().equals(GenServer.class.getPackage())) {
      return NOTHING;
    }
    var factory = new ReaderFactory();
    try {
      var types = JavaType.argumentsOf(GenServer.class, server);
      var binding =
          new Binding(
              messages(factory, server, "call", types.get(1)),
              messages(factory, server, "cast", types.get(2)));
      if (factory.problems().isEmpty()) {
        return binding;
      }
    } catch (TypeNotPresentException | LinkageError e) {
      factory.problems().add(server.getName() + " needs a class that is not there: " + e);
    }
    throw new UnbindableException(new ArrayList<>(factory.problems()));
  }

  private static MessageType messages(
      ReaderFactory factory, Class<?> server, String word, JavaType type) {
    var where = JavaType.nestedName(server) + " has the " + word + " type " + type.text();
    return new MessageType(word, factory.messages(type, where));
  }
}
