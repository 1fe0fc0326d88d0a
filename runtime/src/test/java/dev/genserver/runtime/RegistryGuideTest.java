package dev.genserver.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.genserver.sdk.Args;
import dev.genserver.sdk.CallResult;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.From;
import dev.genserver.sdk.GenServer;
import dev.genserver.sdk.InfoMessage;
import dev.genserver.sdk.Init;
import dev.genserver.sdk.RegistrySpec;
import dev.genserver.sdk.Result;
import dev.genserver.sdk.ServerRef;
import dev.genserver.sdk.StartOptions;
import dev.genserver.sdk.StartResult;
import dev.genserver.sdk.SupervisorSpec;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the plugin guide shows of registries.
class RegistryGuideTest {

  record Enter(String guest) {}

  static final class Room extends GenServer<List<String>, Enter, Void> {

    @Override
    public Init<List<String>> init(Args args) {
      return ok(List.of());
    }

    @Override
    public CallResult<List<String>> handleCall(Enter request, From from, List<String> guests) {
      return reply(null, List.of(request.guest()));
    }
  }

  static final class Reader extends GenServer<Integer, Void, Void> {

    static final List<Object> NEWS = new CopyOnWriteArrayList<>();

    @Override
    public Init<Integer> init(Args args) {
      process().registry("topics").register("news", "reader");
      return ok(0);
    }

    @Override
    public Result<Integer> handleInfo(InfoMessage message, Integer state) {
      NEWS.add(message);
      return noReply(state);
    }
  }

  @AutoClose private final Node node = Node.create();

  @BeforeEach
  void start() {
    var children =
        List.of(
            ChildSpec.registry("rooms", RegistrySpec.unique()),
            ChildSpec.registry("topics", RegistrySpec.duplicate()));
    node.start(SupervisorSpec.oneForOne(children), StartOptions.none());
  }

  private void enter() {
    var room = ServerRef.via("rooms", 7);
    switch (node.start(new Room(), StartOptions.none().name(room))) {
      case StartResult.Ok _, StartResult.AlreadyStarted _ ->
          node.call(room, new Enter("ada"), Void.class);
      case StartResult.Ignore _, StartResult.Failed _ -> throw new IllegalStateException();
    }
  }

  @Test
  void roomIsStartedOnceAndFoundByItsNumber() {
    enter();
    enter();
    assertThat(node.registry("rooms").count()).isEqualTo(1);
  }

  @Test
  void readersOfATopicGetWhatIsSentToIt() {
    Reader.NEWS.clear();
    node.start(new Reader(), StartOptions.none());
    node.start(new Reader(), StartOptions.none());
    node.registry("topics")
        .dispatch("news", readers -> readers.forEach(reader -> node.send(reader.pid(), "extra!")));
    var extra = new InfoMessage.Message("extra!");
    await().until(() -> Reader.NEWS.equals(List.of(extra, extra)));
  }
}
