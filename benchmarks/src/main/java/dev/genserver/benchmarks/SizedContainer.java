package dev.genserver.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/// The image in a container with so much memory, reached at its own address.
final class SizedContainer implements AutoCloseable {

  private static final List<String> PEAKS =
      List.of("/sys/fs/cgroup/memory.peak", "/sys/fs/cgroup/memory/memory.max_usage_in_bytes");
  private static final List<String> STATS =
      List.of("/sys/fs/cgroup/memory.stat", "/sys/fs/cgroup/memory/memory.stat");

  private final String id;
  private final Path plugins;
  final String host;

  SizedContainer(String image, int mebibytes) throws IOException {
    plugins = Files.createTempDirectory("sizing");
    Files.setPosixFilePermissions(plugins, PosixFilePermissions.fromString("rwxr-xr-x"));
    Files.setPosixFilePermissions(
        SizingPlugin.jar().writeTo(plugins), PosixFilePermissions.fromString("rw-r--r--"));
    id =
        docker(
            "run --detach --read-only --tmpfs /tmp --cap-drop ALL --label dev.genserver.test=true"
                + " --memory %1$dm --memory-swap %1$dm --env GENSERVERD_AUTH=none --env JDK_JAVA_OPTIONS"
                    .formatted(mebibytes)
                + " --env GENSERVERD_CONNECTION_MAX=60000"
                + " --env GENSERVERD_CONNECTION_MAX_PER_ADDRESS=60000"
                + " --env GENSERVERD_CONNECTION_ACCEPT_RATE=20000"
                + " --env GENSERVERD_CONNECTION_IDLE_TIMEOUT=10m --volume "
                + plugins
                + ":/plugins:ro "
                + image);
    host = inspect("{{.NetworkSettings.IPAddress}}");
    var end = System.nanoTime() + 120_000_000_000L;
    while (!log().contains(" ready on ")) {
      if (System.nanoTime() > end || !isRunning()) {
        throw new IOException("the container does not serve: " + log());
      }
      LockSupport.parkNanos(100_000_000);
    }
  }

  boolean isRunning() throws IOException {
    return inspect("{{.State.Running}}").equals("true");
  }

  /// How it ended.
  String end() throws IOException {
    return inspect("exit code {{.State.ExitCode}}, killed for its memory: {{.State.OOMKilled}}");
  }

  /// What the kernel counts as the daemon's own, in MiB: no caches of files.
  long memory() throws IOException {
    return read(STATS)
            .lines()
            .filter(line -> line.matches("(anon|rss|shmem|kernel_stack) \\d+"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum()
        >> 20;
  }

  /// The most that the kernel has counted, caches of files included, in MiB.
  long peak() throws IOException {
    return Long.parseLong(read(PEAKS)) >> 20;
  }

  /// What the JVM has made of the limit.
  List<String> flags() throws IOException {
    return docker("exec " + id + " jcmd 1 VM.flags -all")
        .lines()
        .filter(
            line -> line.matches(" *\\w+ (MaxHeapSize|MaxDirectMemorySize|Use(Serial|G1)GC) +=.*"))
        .filter(line -> !line.contains("= false"))
        .map(line -> line.replaceAll(" *\\w+ (\\w+) += (\\w+) .*", "$1=$2"))
        .toList();
  }

  /// The first of the files that is there.
  private String read(List<String> files) throws IOException {
    var command = files.stream().map(file -> "cat " + file + " 2>/dev/null").toList();
    return run(List.of("docker", "exec", id, "sh", "-c", String.join(" || ", command)));
  }

  private String log() throws IOException {
    return docker("logs " + id);
  }

  private String inspect(String format) throws IOException {
    return run(List.of("docker", "inspect", "--format", format, id));
  }

  private static String docker(String arguments) throws IOException {
    var command = new ArrayList<>(List.of("docker"));
    command.addAll(List.of(arguments.split(" ", -1)));
    return run(command);
  }

  private static String run(List<String> command) throws IOException {
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.onExit().join().exitValue() != 0) {
      throw new IOException(command + ": " + output);
    }
    return output.strip();
  }

  @Override
  public void close() throws IOException {
    docker("rm --force --volumes " + id);
    try (var files = Files.list(plugins)) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    Files.delete(plugins);
  }
}
