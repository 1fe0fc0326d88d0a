package dev.genserver.examples.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.genserver.examples.chat.Chat.Call.Open;
import dev.genserver.examples.chat.Chat.Call.Rooms;
import dev.genserver.examples.chat.Chat.OpenReply;
import dev.genserver.examples.chat.Room.Call;
import dev.genserver.examples.chat.Room.Event;
import dev.genserver.examples.chat.Room.Heard;
import dev.genserver.examples.chat.Room.Reply;
import dev.genserver.sdk.Behaviour;
import dev.genserver.sdk.CallException;
import dev.genserver.sdk.ChildSpec;
import dev.genserver.sdk.ExitReason;
import dev.genserver.sdk.Plugin;
import dev.genserver.sdk.ServerRef;
import dev.genserver.testkit.TestNode;
import java.time.Duration;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The whole tree, in a time that the tests move.
@Timeout(60)
class ChatTest {

  private static final ServerRef CHAT = ServerRef.named("chat");
  private static final ServerRef LOBBY = ServerRef.named("chat/lobby");
  private static final Duration IDLE = Duration.ofMinutes(1);

  @AutoClose private final TestNode node = TestNode.create();

  ChatTest() {
    node.start(new ChatPlugin());
  }

  @Test
  void roomIsStartedWhenItIsFirstOpened() {
    assertThat(open()).isEqualTo(new OpenReply.Opened("chat/lobby"));
    var first = node.awaitName(LOBBY);

    assertThat(open()).isEqualTo(new OpenReply.Opened("chat/lobby"));
    assertThat(node.awaitName(LOBBY)).isEqualTo(first);
    assertThat(node.call(CHAT, new Rooms(), Integer.class)).isEqualTo(1);
  }

  @Test
  void memberWhoseProcessEndsLeavesTheRoom() {
    open();
    var ada = node.probe();
    var bob = node.probe();
    ada.call(LOBBY, new Call.Join("ada"), Reply.class);
    bob.call(LOBBY, new Call.Join("bob"), Reply.class);
    var listening = node.callAsync(LOBBY, new Call.Listen(2), Heard.class);

    ada.end(ExitReason.NOCONNECTION);
    assertThat(listening).isCompletedWithValue(new Heard(List.of(new Event.Left("ada")), 0, 3));
    assertThat(members()).isEqualTo(List.of("bob"));
  }

  @Test
  void roomEndsAMinuteAfterTheLastMemberAndIsNotRestarted() {
    open();
    var room = node.awaitName(LOBBY);
    var ada = node.probe();
    ada.call(LOBBY, new Call.Join("ada"), Reply.class);
    node.advance(IDLE.multipliedBy(3));
    assertThat(members()).isEqualTo(List.of("ada"));

    ada.call(LOBBY, new Call.Leave(), Reply.class);
    node.advance(IDLE.minusMillis(1));
    assertThat(node.node().whereis(LOBBY)).contains(room);
    node.advance(Duration.ofMillis(1));
    assertThat(node.awaitEnd(room)).isEqualTo(ExitReason.NORMAL);
    assertThat(node.node().whereis(LOBBY)).isEmpty();
    assertThat(node.call(CHAT, new Rooms(), Integer.class)).isZero();
  }

  @Test
  void roomThatIsKilledBeginsAnewAndThoseWhoListenedAreTold() {
    open();
    var room = node.awaitName(LOBBY);
    var ada = node.probe();
    ada.call(LOBBY, new Call.Join("ada"), Reply.class);
    var listening = node.callAsync(LOBBY, new Call.Listen(1), Heard.class);

    node.exit(room, ExitReason.KILL);
    node.awaitRestart(LOBBY, room);
    assertThat(listening.exceptionNow())
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.KILLED));
    assertThat(members()).isEqualTo(List.of());
  }

  @Test
  void chatThatIsKilledLeavesTheRoomsAsTheyAre() {
    open();
    var room = node.awaitName(LOBBY);
    var chat = node.awaitName(CHAT);
    node.exit(chat, ExitReason.KILL);
    node.awaitRestart(CHAT, chat);

    assertThat(open()).isEqualTo(new OpenReply.Opened("chat/lobby"));
    assertThat(node.awaitName(LOBBY)).isEqualTo(room);
  }

  @Test
  void callerThatIsNoProcessCannotJoin() {
    open();

    assertThat(node.node().call(LOBBY, new Call.Join("nobody"), Reply.class))
        .isEqualTo(new Reply.Refused("only a connection or a process can join"));
  }

  @Test
  void roomThatWasNotOpenedIsNotThere() {
    assertThatThrownBy(() -> node.call(LOBBY, new Call.Members(), Object.class))
        .isInstanceOfSatisfying(
            CallException.class, e -> assertThat(e.reason()).isEqualTo(ExitReason.NOPROC));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Open("no room"))
        .withMessage("room 'no room' must be 1 to 40 letters, digits, '_' or '-'");
  }

  @Test
  void serviceFileLeadsToThePlugin() {
    var plugin = ServiceLoader.load(Plugin.class).findFirst().orElseThrow();

    assertThat(plugin.behaviours()).extracting(Behaviour::name).containsExactly("chat", "room");
    assertThat(plugin.children()).extracting(ChildSpec::id).containsExactly("chat-rooms", "chat");
  }

  private OpenReply open() {
    return node.call(CHAT, new Open("lobby"), OpenReply.class);
  }

  private List<?> members() {
    return node.call(LOBBY, new Call.Members(), List.class);
  }
}
