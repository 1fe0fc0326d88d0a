package dev.genserver.cli;

import dev.genserver.protocol.ClientMessage;
import dev.genserver.protocol.ClientMessages;
import dev.genserver.protocol.ErrorCode;
import dev.genserver.protocol.FrameReader;
import dev.genserver.protocol.FrameWriter;
import dev.genserver.protocol.Framing;
import dev.genserver.protocol.RawJson;
import dev.genserver.protocol.RequestId;
import dev.genserver.protocol.ServerMessage;
import dev.genserver.protocol.WireError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The training run from which the build makes the command line's AOT cache: each plain command
/// once, against a stand-in for the daemon. Halves the time that `genserver call` takes.
final class Rehearsal {

  private static final List<String[]> COMMANDS =
      List.of(
          new String[] {"ping"},
          new String[] {"call", "counter", "get"},
          new String[] {"call", "counter", "{\"type\":\"add\",\"by\":3}", "--timeout", "2s"},
          new String[] {"cast", "counter", "add", "by=3"},
          new String[] {"cast", "counter", "reset", "--no-confirm"},
          new String[] {"call", "countr", "get"});

  private Rehearsal() {}

  public static void main(String[] args) throws IOException {
    exitCodes();
  }

  /// Runs the commands; tells how each ended.
  static List<Integer> exitCodes() throws IOException {
    try (var listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Thread.ofPlatform().daemon().start(() -> serve(listener));
      var sink = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
      var url = "127.0.0.1:" + listener.getLocalPort();
      var shell =
          new Shell(InputStream.nullInputStream(), sink, sink, Map.of("GENSERVER_URL", url));
      return COMMANDS.stream().map(command -> Main.run(command, shell)).toList();
    }
  }

  private static void serve(ServerSocket listener) {
    while (!listener.isClosed()) {
      try (var connection = listener.accept()) {
        var frame = new FrameReader(connection.getInputStream(), Framing.DEFAULT_MAX_FRAME).read();
        var answer = frame == null ? null : answer(ClientMessages.decode(frame, 0, frame.length));
        if (answer != null) {
          new FrameWriter(connection.getOutputStream()).write(answer);
        }
      } catch (IOException _) {
        // The rehearsal is over, or one command of it failed and will be slower.
      }
    }
  }

  private static @Nullable ServerMessage answer(ClientMessage request) {
    RequestId id = request.id();
    if (id == null) {
      return null;
    }
    return switch (request) {
      case ClientMessage.Call call when call.to().equals("countr") ->
          new ServerMessage.Failure(
              id,
              WireError.refused(
                  ErrorCode.NOPROC, "no such name", Map.of("did_you_mean", "counter")));
      case ClientMessage.Call _ -> new ServerMessage.Reply(id, RawJson.of("3"));
      case ClientMessage.Ping _ -> new ServerMessage.Pong(id);
      default -> new ServerMessage.Ok(id, null);
    };
  }
}
