package dev.genserver.benchmarks;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/// What a port meets on the open internet, at a rate: other protocols and noise, each on a
/// connection of its own, beside connections that are silent and some whose bytes drip. A process
/// of its own, so that nothing but the daemon feels it.
public final class Zoo {

  private static final int KEEPERS = 8;
  private static final int SILENT = 100;
  private static final int DRIPPING = 20;

  private static final List<byte[]> CRIES =
      List.of(
          ascii("GET / HTTP/1.1\r\nHost: x\r\n\r\n"),
          ascii("POST /v1/call HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n"),
          ascii("SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n"),
          ascii("*1\r\n$4\r\nPING\r\n"), // Redis
          new byte[] {0x16, 3, 1, 2, 0, 1, 0, 1, (byte) 0xfc, 3, 3}, // a TLS hello
          new byte[] {0, 0, 0, 0}, // a frame of nothing
          new byte[] {0, (byte) 0xff, (byte) 0xff, (byte) 0xff, '{'}, // one that is too long
          new byte[] {(byte) 0xde, (byte) 0xad, (byte) 0xbe, (byte) 0xef});

  private final int port;
  private final AtomicInteger seen = new AtomicInteger();

  private Zoo(int port) {
    this.port = port;
  }

  /// Takes the port, how many animals a second, and for how many seconds. Prints how many came.
  public static void main(String[] args) throws Exception {
    var zoo = new Zoo(Integer.parseInt(args[0]));
    zoo.open(Double.parseDouble(args[1]), Double.parseDouble(args[2]));
    System.out.println(zoo.seen);
  }

  private void open(double rate, double seconds) throws Exception {
    var begin = System.nanoTime();
    var end = begin + (long) (seconds * 1e9);
    var staying = new ArrayList<Socket>();
    try {
      for (var i = 0; i < SILENT + DRIPPING; i++) {
        staying.add(connect());
      }
      var keepers = new ArrayList<Thread>();
      var next = new AtomicInteger();
      for (var i = 0; i < KEEPERS; i++) {
        keepers.add(Thread.ofPlatform().start(() -> letOut(next, begin, rate, end)));
      }
      while (System.nanoTime() < end) {
        drip(staying.subList(SILENT, staying.size()));
        LockSupport.parkNanos(100_000_000);
      }
      for (var keeper : keepers) {
        keeper.join();
      }
    } finally {
      for (var socket : staying) {
        socket.close();
      }
    }
  }

  private void letOut(AtomicInteger next, long begin, double rate, long end) {
    while (true) {
      var number = next.getAndIncrement();
      var due = begin + (long) (number * 1e9 / rate);
      if (due >= end) {
        return;
      }
      for (long left; (left = due - System.nanoTime()) > 0; ) {
        LockSupport.parkNanos(left);
      }
      cry(CRIES.get(number % CRIES.size()));
    }
  }

  private void cry(byte[] bytes) {
    try (var socket = connect()) {
      socket.getOutputStream().write(bytes);
      socket.setSoTimeout(200);
      var told = 0;
      while (socket.getInputStream().read() >= 0) {
        told++;
      }
      if (told > 0) {
        seen.incrementAndGet();
      }
    } catch (SocketTimeoutException | SocketException _) {
      // It was cut off, or waits to be accepted: not seen.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// The bytes of a frame, one after the other, and of another one; what was closed stays so.
  private static void drip(List<Socket> sockets) {
    for (var socket : sockets) {
      try {
        socket.getOutputStream().write(0);
      } catch (IOException _) {
        // The daemon has lost patience with it.
      }
    }
  }

  private Socket connect() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), port);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
