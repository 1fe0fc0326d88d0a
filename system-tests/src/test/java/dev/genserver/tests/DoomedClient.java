package dev.genserver.tests;

import java.io.DataInputStream;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// A client in a JVM of its own, to be killed with calls open and, if so told, in the middle of a
/// frame.
final class DoomedClient {

  private DoomedClient() {}

  /// Starts one and waits until the daemon has read its calls, each of which adds 1.
  static Process start(String address, int calls, boolean midFrame)
      throws IOException, URISyntaxException {
    var classes = DoomedClient.class.getProtectionDomain().getCodeSource().getLocation();
    var process =
        new ProcessBuilder(
                DaemonProgram.JAVA,
                "-cp",
                Path.of(classes.toURI()).toString(),
                DoomedClient.class.getName(),
                address.substring(address.lastIndexOf(':') + 1),
                Integer.toString(calls),
                Boolean.toString(midFrame))
            .redirectError(Redirect.INHERIT)
            .start();
    var line = process.inputReader(StandardCharsets.UTF_8).readLine();
    if (!"ready".equals(line)) {
      throw new AssertionError("the client did not come so far: " + line);
    }
    return process;
  }

  public static void main(String[] args) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]))) {
      var out = socket.getOutputStream();
      for (var id = 0; id < Integer.parseInt(args[1]); id++) {
        out.write(
            frame(
                """
                {"op":"call","id":%d,"to":"wayward","msg":{"type":"add","by":1},"timeout_ms":60000}\
                """
                    .formatted(id)));
      }
      out.write(frame("{\"op\":\"ping\"}"));
      if (Boolean.parseBoolean(args[2])) {
        out.write(frame("{\"op\":\"ping\",\"id\":7}"), 0, 9);
      }
      new DataInputStream(socket.getInputStream()).readInt(); // the pong
      System.out.println("ready");
      System.in.read(); // until killed
    }
  }

  private static byte[] frame(String json) {
    var bytes = json.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(4 + bytes.length).putInt(bytes.length).put(bytes).array();
  }
}
