package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.Answers.ok;
import static dev.genserver.runtime.Answers.reply;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Result;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// A server whose messages say themselves what is to be done, and whose other callbacks are handed
/// in. Its state is what `init` makes it, 0 by default.
final class Scripted extends GenServer<Object, Scripted.Request, Scripted.Message> {

  /// A call.
  interface Request {
    CallResult<Object> handle(From from, Object state) throws InterruptedException;
  }

  /// A cast.
  interface Message {
    Result<Object> handle(Object state) throws InterruptedException;
  }

  static final Request GET = (_, state) -> reply(state, state);
  static final Request ADD = (_, state) -> reply((int) state + 1, (int) state + 1);
  static final Message ADD_ONE = state -> noReply((int) state + 1);

  /// Adds an element to a state that is a list.
  static Message append(Object element) {
    return state -> noReply(Stream.concat(((List<?>) state).stream(), Stream.of(element)).toList());
  }

  /// What `terminate` was called with.
  record Terminated(ExitReason reason, Object state) {}

  /// What the callbacks have noted, in order: info messages, continuations, [Terminated].
  final List<Object> seen = new CopyOnWriteArrayList<>();

  private boolean traps;
  private Supplier<Init<Object>> init = () -> ok(0);
  private BiFunction<InfoMessage, Object, Result<Object>> info = (_, state) -> noReply(state);
  private BiFunction<Object, Object, Result<Object>> continued = (_, state) -> noReply(state);
  private BiConsumer<ExitReason, Object> terminated = (_, _) -> {};

  static Scripted server() {
    return new Scripted();
  }

  static Scripted trapping() {
    var server = new Scripted();
    server.traps = true;
    return server;
  }

  static Scripted holding(Object state) {
    return server().onInit(() -> ok(state));
  }

  Scripted onInit(Supplier<Init<Object>> init) {
    this.init = init;
    return this;
  }

  Scripted onInfo(BiFunction<InfoMessage, Object, Result<Object>> info) {
    this.info = info;
    return this;
  }

  Scripted onContinue(BiFunction<Object, Object, Result<Object>> continued) {
    this.continued = continued;
    return this;
  }

  Scripted onTerminate(BiConsumer<ExitReason, Object> terminated) {
    this.terminated = terminated;
    return this;
  }

  @Override
  public Init<Object> init(Args args) {
    if (traps) {
      ProcessContext.current().trapExit(true);
    }
    return init.get();
  }

  @Override
  public CallResult<Object> handleCall(Request request, From from, Object state) {
    try {
      return request.handle(from, state);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Result<Object> handleCast(Message message, Object state) {
    try {
      return message.handle(state);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Result<Object> handleInfo(InfoMessage message, Object state) {
    seen.add(message);
    return info.apply(message, state);
  }

  @Override
  public Result<Object> handleContinue(Object continuation, Object state) {
    seen.add(continuation);
    return continued.apply(continuation, state);
  }

  @Override
  public void terminate(ExitReason reason, Object state) {
    seen.add(new Terminated(reason, state));
    terminated.accept(reason, state);
  }
}
