package dev.genserver.runtime;

import static dev.genserver.runtime.Answers.noReply;
import static dev.genserver.runtime.TestProcess.SOON;
import static dev.genserver.runtime.TestProcess.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.genserver.sdk.CallException;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.Pid;
import dev.genserver.sdk.ProcessContext;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;

/// What a trace that is recorded is told of the requests that are sent on.
class RecordedTraceTest {

  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  private static final ServerRef SERVER = ServerRef.named("server");
  private static final Scripted.Request CRASH =
      (_, state) -> new Result.Stop<>(ExitReason.of("bad"), state);

  @AutoClose private final Node node = Node.create();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Pid server =
      node.start(Scripted.server(), StartOptions.named("server")).pidOrThrow();

  /// Notes what it is told.
  private final class Recorded implements TraceContext {

    private final String what;

    Recorded(String what) {
      this.what = what;
    }

    @Override
    public String received() {
      return TRACE;
    }

    @Override
    public String current() {
      return TRACE;
    }

    @Override
    public TraceContext sent(Op op, ServerRef to, @Nullable Recipient recipient) {
      var pid = recipient == null ? "nobody" : recipient.pid();
      var name = to.toString().replace("'", "");
      told.add("sent " + op + " " + name + " " + pid);
      return new Recorded(op + " " + name);
    }

    @Override
    public void began(long nanoTime) {
      told.add("began " + what);
    }

    @Override
    public void done() {
      told.add("done " + what);
    }

    @Override
    public void failed(ExitReason reason, Phase phase) {
      told.add("failed " + what + " " + reason + " " + phase);
    }
  }

  /// A call whose trace is recorded.
  private final class RecordedCall extends ExternalCall {

    private final TraceContext trace = new Recorded("outside");
    private final Consumer<ProcessContext> body;
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    RecordedCall(Consumer<ProcessContext> body) {
      super(node.time(), Long.MAX_VALUE);
      this.body = body;
    }

    @Override
    public TraceContext traceContext() {
      return trace;
    }

    @Override
    protected Object decode(GenServer<?, ?, ?> server) {
      return (Scripted.Request) this::handle;
    }

    private CallResult<Object> handle(Object from, Object state) {
      body.accept(ProcessContext.current());
      return Answers.reply("", state);
    }

    @Override
    protected void finished(Outcome outcome) {
      this.outcome.complete(outcome);
    }

    @Override
    public Optional<Pid> caller() {
      return Optional.empty();
    }

    @Override
    public Map<String, String> meta() {
      return Map.of();
    }
  }

  private void serve(Consumer<ProcessContext> body) {
    var gateway = node.start(Scripted.server(), StartOptions.none()).pidOrThrow();
    var call = new RecordedCall(body);
    node.locate(gateway).orElseThrow().deliver(call);
    assertThat(await(call.outcome)).isInstanceOf(Outcome.Replied.class);
  }

  private static void failing(ProcessContext me, ServerRef to, Object request, Duration timeout) {
    var _ =
        catchThrowableOfType(
            CallException.class, () -> me.call(to, request, Object.class, timeout));
  }

  @Test
  void callIsToldOfFromItsSendingToItsReply() {
    serve(me -> me.call(SERVER, Scripted.GET, Object.class));
    assertThat(told)
        .containsExactly(
            "began outside", "sent CALL server " + server, "began CALL server", "done CALL server");
  }

  @Test
  void callThatEndsItsServerHasFailed() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      serve(me -> failing(me, SERVER, CRASH, SOON));
    }
    assertThat(told).contains("failed CALL server bad RUNNING").doesNotContain("done CALL server");
  }

  @Test
  void callToNobodyHasFailedBeforeItWasSent() {
    serve(me -> failing(me, ServerRef.named("nobody"), Scripted.GET, SOON));
    assertThat(told)
        .containsExactly(
            "began outside", "sent CALL nobody nobody", "failed CALL nobody noproc QUEUED");
  }

  @Test
  void callThatIsGivenUpHasFailedThen() {
    var gate = new Gate();
    node.cast(
        server,
        (Scripted.Message)
            state -> {
              gate.pass();
              return noReply(state);
            });
    gate.awaitArrival();
    serve(me -> failing(me, SERVER, Scripted.GET, Duration.ofMillis(1)));
    assertThat(told).contains("failed CALL server timeout QUEUED");
    gate.open();
  }

  @Test
  void castIsToldOfUntilItsCallbackReturns() {
    serve(me -> me.cast(SERVER, Scripted.ADD_ONE));
    assertThat(node.call(SERVER, Scripted.GET, Object.class)).isEqualTo(1);
    assertThat(told)
        .containsSubsequence("sent CAST server " + server, "began CAST server", "done CAST server");
  }

  @Test
  void castThatEndsItsServerHasFailedAndSoHasTheNext() {
    try (var _ = LogCapture.of(CrashReport.class)) {
      Scripted.Message crash = state -> new Result.Stop<>(ExitReason.of("bad"), state);
      var gate = new Gate();
      node.cast(
          server,
          (Scripted.Message)
              state -> {
                gate.pass();
                return noReply(state);
              });
      serve(me -> {
        me.cast(SERVER, crash);
        me.cast(SERVER, Scripted.ADD_ONE);
      });
      gate.open();
      Awaitility.await("both ends")
          .untilAsserted(() ->
              assertThat(told)
                  .containsSubsequence(
                      "failed CAST server bad RUNNING", "failed CAST server bad QUEUED"));
    }
  }
}
