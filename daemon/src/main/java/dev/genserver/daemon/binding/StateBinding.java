package dev.genserver.daemon.binding;

import dev.genserver.runtime.JavaType;
import dev.genserver.sdk.GenServer;
import java.util.List;

/// What JSON the state of one server class is. Immutable and thread-safe.
///
/// The state is the first type argument of [GenServer]; its JSON has the form in which
/// [ReplyEncoder] writes it. Unlike messages it need not be bindable at all: nobody asks until
/// somebody wants to replace it.
public final class StateBinding {

  private static final ClassValue<StateBinding> BINDINGS =
      new ClassValue<>() {
        @Override
        protected StateBinding computeValue(Class<?> server) {
          return bind(server);
        }
      };

  private final MessageType state;

  private StateBinding(MessageType state) {
    this.state = state;
  }

  /// The binding of a subclass of [GenServer]; built at the first time, and kept by the class.
  ///
  /// @throws UnbindableException if no JSON becomes its state
  public static StateBinding of(Class<?> server) {
    return BINDINGS.get(server);
  }

  /// The state that the JSON is. Runs constructors of the plugin.
  ///
  /// @throws BadMessageException if it is none
  public Object decode(byte[] json) {
    return state.decode(json, 0, json.length);
  }

  private static StateBinding bind(Class<?> server) {
    var factory = new ReaderFactory();
    var type = JavaType.argumentsOf(GenServer.class, server).getFirst();
    var where = JavaType.nestedName(server) + " has the state type " + type.text();
    var reader = factory.value(type, where);
    if (!factory.problems().isEmpty()) {
      throw new UnbindableException(List.copyOf(factory.problems()));
    }
    return new StateBinding(new MessageType("state", reader));
  }
}
