package dev.genserver.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// From the backup of docs/operations.md another daemon is started, where tokens, plugins and a
/// state that was kept are as before.
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class OperationsDocIT {

  private static final Path PAGE = Path.of("../docs/operations.md");

  @TempDir Path folder;

  private ShownSession session;

  @BeforeEach
  void install() throws IOException, InterruptedException {
    DaemonProgram.installCommandLine(folder);
    DrilledDaemon.install(folder);
    Files.copy(
        Path.of("../examples/counter/target/counter.jar"),
        Files.createDirectory(folder.resolve("plugins")).resolve("counter.jar"));
    Files.writeString(
        folder.resolve("genserverd.yaml"),
        """
        auth: token
        tokens:
          file: tokens
        tls:
          certificate: certs/server.crt
          key: certs/server.key
        principals:
        - name: ops
          call: ['*']
          admin: true
        - name: shop
          call: [counter]
        """);
    session = in(folder);
    session.prepare(
        """
        umask 077
        scripts/genserverd tls self-signed certs
        for name in ops shop; do
          scripts/genserverd token create $name --tokens-file tokens > $name.token
        done
        """);
  }

  private ShownSession in(Path where) {
    return new ShownSession(
        where,
        Map.of(
            "GENSERVER_CA", folder.resolve("certs/ca.crt").toString(),
            "GENSERVER_TOKEN_FILE", folder.resolve("ops.token").toString()));
  }

  @Test
  void daemonThatIsStartedFromTheBackupIsAsTheOneBefore() throws Exception {
    try (var daemon = new DrilledDaemon(folder)) {
      assertThat(session.set("GENSERVER_URL", daemon.url()).run(PAGE, "")).isGreaterThan(5);
    }
    session.assertAsShown();

    var elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.createSymbolicLink(elsewhere.resolve("scripts"), folder.resolve("scripts"));
    var restored = in(elsewhere);
    restored.run(PAGE, "restored");
    try (var daemon = new DrilledDaemon(elsewhere)) {
      restored.set("GENSERVER_URL", daemon.url()).run(PAGE, "again");
    }
    restored.assertAsShown();
  }
}
