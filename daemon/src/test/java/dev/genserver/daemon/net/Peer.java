package dev.genserver.daemon.net;

import dev.genserver.protocol.RawJson;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;

/// A client that sends what it is told to, byte by byte where it matters.
public final class Peer implements AutoCloseable {

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: (\\d+)\r\n");

  private final Socket socket;
  private final DataInputStream in;

  public Peer(InetSocketAddress address) {
    this(address, 0);
  }

  Peer(InetSocketAddress address, int receiveBuffer) {
    this(new Socket(), address, receiveBuffer);
  }

  private Peer(Socket socket, InetSocketAddress address, int receiveBuffer) {
    try {
      this.socket = socket;
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(10_000);
      socket.connect(address, 5_000);
      in = new DataInputStream(socket.getInputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// One that speaks TLS; the handshake begins when it first sends.
  public static Peer over(SSLContext tls, InetSocketAddress address) {
    try {
      return new Peer(tls.getSocketFactory().createSocket(), address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static byte[] frame(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }

  public Peer send(String json) {
    return sendBytes(frame(json));
  }

  public Peer sendLine(String line) {
    return sendBytes((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  public Peer sendBytes(byte... bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.getOutputStream().flush();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The port on this side.
  public int port() {
    return socket.getLocalPort();
  }

  /// The next frame, as plain data.
  public Map<String, Object> receive() {
    try {
      var bytes = new byte[in.readInt()];
      in.readFully(bytes);
      return object(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next line, as plain data.
  public Map<String, Object> receiveLine() {
    try {
      var line = new ByteArrayOutputStream();
      for (int b; (b = in.readUnsignedByte()) != '\n'; ) {
        line.write(b);
      }
      return object(line.toByteArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The next answer over HTTP: its head and its body, if it has a length.
  public String receiveHttp() {
    var head = receiveHttpHead();
    var length = LENGTH.matcher(head);
    var body = new byte[length.find() ? Integer.parseInt(length.group(1)) : 0];
    try {
      in.readFully(body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return head + new String(body, StandardCharsets.UTF_8);
  }

  /// The head of the next answer over HTTP, and nothing of its body.
  String receiveHttpHead() {
    try {
      var head = new ByteArrayOutputStream();
      while (!head.toString(StandardCharsets.UTF_8).endsWith("\r\n\r\n")) {
        head.write(in.readUnsignedByte());
      }
      return head.toString(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All that comes until the daemon closes.
  public byte[] rest() {
    try {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public Peer endInput() {
    try {
      socket.shutdownOutput();
      return this;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The error object of an answer.
  @SuppressWarnings("unchecked")
  public static Map<String, Object> error(Map<String, Object> answer) {
    if (!(answer.get("error") instanceof Map<?, ?> error)) {
      throw new AssertionError("no error: " + answer);
    }
    return (Map<String, Object>) error;
  }

  @SuppressWarnings("unchecked")
  public static Map<String, Object> details(Map<String, Object> answer) {
    return (Map<String, Object>) error(answer).get("details");
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> object(byte[] json) {
    return (Map<String, Object>) RawJson.of(json, 0, json.length).toValue();
  }
}
