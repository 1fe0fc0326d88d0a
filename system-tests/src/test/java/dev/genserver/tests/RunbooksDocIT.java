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

/// The runbooks of docs/runbooks.md are drills here: the fault is made, and the commands show and
/// mend it.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class RunbooksDocIT {

  private static final Path PAGE = Path.of("../docs/runbooks.md");

  @TempDir Path folder;

  @BeforeEach
  void install() throws IOException {
    PlainShell.find("curl");
    Files.writeString(folder.resolve(".curlrc"), "silent\nshow-error\n");
    DaemonProgram.installCommandLine(folder);
    DrilledDaemon.install(folder);
    ShopPlugin.GOOD.writeTo(Files.createDirectory(folder.resolve("plugins")));
    ShopPlugin.BAD.writeTo(folder);
  }

  @Test
  void faultsAreSeenAndMendedAsThePageSays() throws Exception {
    Files.writeString(
        folder.resolve("genserverd.yaml"),
        """
        shutdown:
          drain: 1s
        processes:
        - name: returns
          behaviour: orders
          critical: true
        """);
    try (var daemon = new DrilledDaemon(folder, "-Xmx256m", "-XX:NativeMemoryTracking=summary")) {
      var session =
          new ShownSession(folder, Map.of("GENSERVER_URL", "127.0.0.1:" + daemon.port))
              .with("127.0.0.1:6471", "127.0.0.1:" + daemon.adminPort);
      assertThat(session.run(PAGE, "")).isGreaterThan(50);
      session.assertAsShown();
    }
  }

  @Test
  void loginsAndCertificatesAreMendedAsThePageSays() throws Exception {
    PlainShell.find("openssl");
    var session =
        new ShownSession(
            folder, Map.of("GENSERVER_CA", "certs/ca.crt", "GENSERVER_TOKEN_FILE", "ops.token"));
    session.prepare(
        """
        umask 077
        scripts/genserverd tls self-signed certs
        scripts/genserverd token create ops --tokens-file tokens > ops.token
        """);
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
          call: ['*']
        """);
    try (var daemon = new DrilledDaemon(folder)) {
      session
          .with("https://localhost:6471", "https://localhost:" + daemon.adminPort)
          .set("GENSERVER_URL", daemon.url());
      assertThat(session.run(PAGE, "guarded")).isGreaterThan(10);
      session.assertAsShown();
    }
  }
}
