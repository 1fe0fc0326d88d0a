package dev.genserver.benchmarks.wire;

import dev.genserver.benchmarks.BenchedProcess;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.handler.codec.LengthFieldBasedFrameDecoder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The servers beside the daemon: the same Netty and frames, and less in between. None has
/// deadlines, supervision, accounting, limits or typed messages.
public final class Echo {

  private static final int MAX_FRAME = 16 * 1024 * 1024;

  /// What a server does with a request.
  enum Kind {
    /// Sends the bytes back, and never looks into them.
    RAW("echo"),
    /// Reads the envelope and counts on the event loop.
    JSON("echo + JSON"),
    /// Reads the envelope and hands the request to a virtual thread that counts.
    HANDED_OVER("handed over");

    final String label;

    Kind(String label) {
      this.label = label;
    }
  }

  private Echo() {}

  /// Starts one in a JVM of its own, which ends with this one.
  static BenchedProcess start(Kind kind, List<String> jvmOptions) throws IOException {
    var arguments = new ArrayList<>(jvmOptions);
    arguments.add("--enable-native-access=ALL-UNNAMED"); // which the daemon's jar asks for
    arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
    arguments.addAll(List.of(Echo.class.getName(), kind.name()));
    return BenchedProcess.start(arguments, Map.of());
  }

  /// Takes the kind, and ends at the end of its input.
  public static void main(String[] args) throws IOException {
    var kind = Kind.valueOf(args[0]);
    var transport = Transport.best();
    var counter = new CounterThread();
    var loops =
        new MultiThreadIoEventLoopGroup(
            Runtime.getRuntime().availableProcessors(), transport.handlers());
    var listener =
        new ServerBootstrap()
            .group(loops)
            .channel(transport.server())
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(new LengthFieldBasedFrameDecoder(MAX_FRAME, 0, Integer.BYTES))
                        .addLast(
                            switch (kind) {
                              case RAW -> new RawEcho();
                              case JSON -> new JsonEcho();
                              case HANDED_OVER -> new HandingOver(counter, channel);
                            });
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .syncUninterruptibly()
            .channel();
    System.out.println(kind.label + " listens on " + listener.localAddress());
    while (System.in.read() >= 0) {
      // Nobody says anything; the end is what is waited for.
    }
    System.exit(0);
  }
}
