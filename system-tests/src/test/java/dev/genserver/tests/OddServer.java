package dev.genserver.tests;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/// A daemon that no client would wish for, in frames and lines. A call to `dribbling` is answered
/// with `dribbled`, after a ping and the answer to something else, each byte in a packet of its
/// own; one to `silent` never; one to `gone` ends the connection.
final class OddServer implements AutoCloseable {

  private static final Pattern ID = Pattern.compile("\"id\": ?(\\d+)");

  private final ServerSocket listener = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());

  OddServer() throws IOException {
    Thread.ofVirtual().name("odd server").start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        var socket = listener.accept();
        Thread.ofVirtual().start(() -> serve(socket));
      } catch (IOException _) {
        // The test is over.
      }
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
      in.mark(1);
      var framed = in.read() == 0;
      in.reset();
      for (var request = read(in, framed); !request.contains("gone"); request = read(in, framed)) {
        var id = ID.matcher(request);
        if (request.contains("dribbling") && id.find()) {
          dribble("{\"op\":\"ping\"}", framed, socket.getOutputStream());
          dribble(reply("987654", "other"), framed, socket.getOutputStream());
          dribble(reply(id.group(1), "dribbled"), framed, socket.getOutputStream());
        }
      }
    } catch (IOException _) {
      // The client has gone.
    }
  }

  private static String reply(String id, String result) {
    return "{\"op\":\"reply\",\"id\":" + id + ",\"result\":\"" + result + "\"}";
  }

  private static String read(DataInputStream in, boolean framed) throws IOException {
    if (framed) {
      return new String(in.readNBytes(in.readInt()), StandardCharsets.UTF_8);
    }
    var line = new StringBuilder();
    for (int b = in.readUnsignedByte(); b != '\n'; b = in.readUnsignedByte()) {
      line.append((char) b);
    }
    return line.toString();
  }

  private static void dribble(String json, boolean framed, OutputStream out) throws IOException {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    var message =
        framed
            ? ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array()
            : (json + "\n").getBytes(StandardCharsets.UTF_8);
    for (byte b : message) {
      out.write(b);
      out.flush();
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
