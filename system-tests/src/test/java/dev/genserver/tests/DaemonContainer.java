package dev.genserver.tests;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.command.InspectContainerResponse;
import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.ExposedPort;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import dev.genserver.client.ClientOptions;
import dev.genserver.client.GenServerClient;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.startupcheck.StartupCheckStrategy;
import org.testcontainers.containers.wait.strategy.AbstractWaitStrategy;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.DockerStatus;

/// The daemon in a container as docs/container.md would have it: nobody in particular, without
/// rights and without anything to write to but its plugin folder and `/tmp`, which runs no files.
final class DaemonContainer implements AutoCloseable {

  private static final long MIB = 1 << 20;
  private static final ExposedPort WIRE = ExposedPort.tcp(6470);
  private static final ExposedPort ADMIN = ExposedPort.tcp(6471);

  /// More than the daemon takes, so that the engine does not kill it.
  private static final int STOP_SECONDS = 60;

  final GenericContainer<?> container =
      new GenericContainer<>(DockerImageName.parse(ContainerEngine.IMAGE));

  private final List<Bind> mounts = new ArrayList<>();

  /// One that is not started yet, with 256 MiB of memory.
  DaemonContainer() {
    container
        .withExposedPorts(6470, 6471)
        // scripts/docker-engine looks for it, to take away what a killed test has left.
        .withLabel("dev.genserver.test", "true")
        .withTmpFs(Map.of("/tmp", "rw,noexec,nosuid,nodev"))
        .withCreateContainerCmdModifier(command -> harden(command.getHostConfig()))
        .waitingFor(
            Wait.forHttp("/readyz").forPort(6471).withStartupTimeout(Duration.ofMinutes(2)));
  }

  private void harden(HostConfig host) {
    host.withReadonlyRootfs(true)
        .withCapDrop(Capability.ALL)
        .withSecurityOpts(List.of("no-new-privileges"))
        .withPidsLimit(500L)
        .withMemory(256 * MIB)
        .withMemorySwap(256 * MIB)
        .withBinds(mounts);
  }

  /// Mounts a folder, which everybody may then use: the daemon is not who runs the tests.
  DaemonContainer mount(Path folder, String target, AccessMode mode) throws IOException {
    var permissions = mode == AccessMode.rw ? "rwxrwxrwx" : "rwxr-xr-x";
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(permissions));
    mounts.add(new Bind(folder.toAbsolutePath().toString(), new Volume(target), mode));
    return this;
  }

  DaemonContainer plugins(Path folder) throws IOException {
    return mount(folder, "/plugins", AccessMode.rw);
  }

  DaemonContainer environment(String name, String value) {
    container.withEnv(name, value);
    return this;
  }

  /// Starts it for everybody who reaches its port, and waits until it is ready.
  DaemonContainer start() {
    environment("GENSERVERD_AUTH", "none").container.start();
    return this;
  }

  /// Starts it, and waits until it has ended by itself.
  ///
  /// @return the exit code
  long startInVain() {
    container.withStartupCheckStrategy(new Ended()).waitingFor(new Nothing()).start();
    return inspect().getState().getExitCodeLong();
  }

  String address() {
    return address(WIRE);
  }

  private String address(ExposedPort port) {
    // Asked anew: a container that is started again gets other ones.
    var bindings = inspect().getNetworkSettings().getPorts().getBindings().get(port);
    return container.getHost() + ":" + bindings[0].getHostPortSpec();
  }

  /// What the admin port answers to a GET: the status.
  int get(String path) throws IOException, InterruptedException {
    try (var http = HttpClient.newHttpClient()) {
      var request =
          HttpRequest.newBuilder(URI.create("http://" + address(ADMIN) + path))
              .timeout(Duration.ofSeconds(20))
              .build();
      return http.send(request, BodyHandlers.discarding()).statusCode();
    }
  }

  /// As `docker restart` does, and waits until it is ready again.
  void restart() {
    ContainerEngine.client()
        .restartContainerCmd(container.getContainerId())
        .withTimeout(STOP_SECONDS)
        .exec();
    Awaitility.await("the daemon is ready again")
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions()
        .until(() -> get("/readyz") == 200);
  }

  GenServerClient client() {
    return GenServerClient.connect(address());
  }

  GenServerClient client(ClientOptions options) {
    return GenServerClient.connect(address(), options);
  }

  InspectContainerResponse inspect() {
    return ContainerEngine.client().inspectContainerCmd(container.getContainerId()).exec();
  }

  /// As `docker stop` does.
  ///
  /// @return the exit code
  long stop() {
    ContainerEngine.client()
        .stopContainerCmd(container.getContainerId())
        .withTimeout(STOP_SECONDS)
        .exec();
    return inspect().getState().getExitCodeLong();
  }

  String log() {
    return container.getLogs();
  }

  @Override
  public void close() {
    container.close();
  }

  /// A container has done what it is to do when it has ended, whatever its exit code.
  private static final class Ended extends StartupCheckStrategy {

    Ended() {
      withTimeout(Duration.ofMinutes(2));
    }

    @Override
    public StartupStatus checkStartupState(DockerClient client, String container) {
      return DockerStatus.isContainerStopped(getCurrentState(client, container))
          ? StartupStatus.SUCCESSFUL
          : StartupStatus.NOT_YET_KNOWN;
    }
  }

  private static final class Nothing extends AbstractWaitStrategy {

    @Override
    protected void waitUntilReady() {}
  }
}
