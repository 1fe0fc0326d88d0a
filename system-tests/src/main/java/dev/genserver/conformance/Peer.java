package dev.genserver.conformance;

import static dev.genserver.conformance.Demand.demand;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.util.HexFormat;

/// One connection to a daemon, down to its bytes. Whatever a row waits for comes within
/// [#PATIENCE_MS], or the row fails. For one thread that sends and one that receives.
final class Peer implements AutoCloseable {

  /// How long anything may take that the daemon should do at once.
  static final int PATIENCE_MS = 10_000;

  /// How messages are told apart.
  enum Format {
    FRAMES,
    LINES
  }

  private final Socket socket;
  private final Format format;
  private final DataInputStream in;
  private final OutputStream out;

  Peer(Socket socket, Format format) throws IOException {
    this.socket = socket;
    this.format = format;
    socket.setSoTimeout(PATIENCE_MS);
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
  }

  // Sending.

  /// Sends a message.
  Peer send(String json) throws IOException {
    return bytes(format == Format.FRAMES ? frame(json.getBytes(UTF_8)) : line(json));
  }

  /// Sends messages in one packet, or as few as it takes.
  Peer sendTogether(Iterable<String> messages) throws IOException {
    var all = new ByteArrayOutputStream();
    for (var json : messages) {
      all.write(format == Format.FRAMES ? frame(json.getBytes(UTF_8)) : line(json));
    }
    return bytes(all.toByteArray());
  }

  /// Sends bytes as they are.
  Peer bytes(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /// Sends bytes that are written as hexadecimal digits.
  Peer hex(String digits) throws IOException {
    return bytes(HexFormat.of().parseHex(digits.replace(" ", "")));
  }

  /// A length, then the content.
  static byte[] frame(byte[] content) {
    var frame = new byte[4 + content.length];
    for (var i = 0; i < 4; i++) {
      frame[i] = (byte) (content.length >> (24 - 8 * i));
    }
    System.arraycopy(content, 0, frame, 4, content.length);
    return frame;
  }

  static byte[] frame(String json) {
    return frame(json.getBytes(UTF_8));
  }

  private static byte[] line(String json) {
    return (json + "\n").getBytes(UTF_8);
  }

  /// Sends FIN: nothing more comes from here.
  Peer endInput() throws IOException {
    socket.shutdownOutput();
    return this;
  }

  // Receiving.

  /// The next message.
  Answer receive() throws IOException {
    try {
      return Answer.parse(format == Format.FRAMES ? readFrame() : readLine());
    } catch (EOFException | SocketException e) {
      throw new AssertionError("an answer was expected, but the daemon closed the connection", e);
    } catch (SocketTimeoutException e) {
      throw new AssertionError("no answer within %,d ms".formatted(PATIENCE_MS), e);
    }
  }

  private byte[] readFrame() throws IOException {
    var length = in.readInt();
    demand(length >= 2 && length < 1 << 24, "the daemon sent a frame of %,d bytes", length);
    var frame = new byte[length];
    in.readFully(frame);
    return frame;
  }

  private byte[] readLine() throws IOException {
    var line = new ByteArrayOutputStream();
    for (var b = in.readByte(); b != '\n'; b = in.readByte()) {
      line.write(b);
    }
    return line.toByteArray();
  }

  /// Sends a message and receives its answer, past pings that ask for a sign of life.
  Answer ask(String json) throws IOException {
    var answer = send(json).receive();
    while (answer.op().equals("ping")) {
      answer = receive();
    }
    return answer;
  }

  /// Demands that the connection works, and that nothing was on its way to here.
  void demandQuiet() throws IOException {
    var token = "quiet-" + System.nanoTime();
    ask("{\"op\":\"ping\",\"id\":\"%s\"}".formatted(token)).is("pong").id(token);
  }

  /// Demands that the daemon closes, and sends nothing before.
  void demandClosed() throws IOException {
    var rest = rest();
    demand(rest.length == 0, "the daemon should close; it sent %s", new String(rest, UTF_8));
  }

  /// Demands one goodbye for this reason, then the end.
  Answer demandGoodbye(String code) throws IOException {
    var goodbye = receive().goodbye(code);
    demandClosed();
    return goodbye;
  }

  /// All that comes until the daemon closes.
  byte[] rest() throws IOException {
    var rest = new ByteArrayOutputStream();
    try {
      in.transferTo(rest);
    } catch (SocketException _) {
      // Closed with a reset: what was sent before may be lost, which the caller sees.
    } catch (SocketTimeoutException e) {
      throw new AssertionError("the daemon did not close within %,d ms".formatted(PATIENCE_MS), e);
    }
    return rest.toByteArray();
  }

  // Ending.

  /// Ends the connection with a reset, as a machine does that knows nothing of it.
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException _) {
      // It is of no more use either way.
    }
  }
}
