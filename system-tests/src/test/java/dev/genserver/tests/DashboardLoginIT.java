package dev.genserver.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import dev.genserver.daemon.Daemon;
import dev.genserver.daemon.config.ConfigLoader;
import dev.genserver.tests.Chromium.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The dashboard of a daemon that wants to know who asks.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DashboardLoginIT {

  @TempDir static Path folder;

  private static Chromium chromium;
  private static Daemon daemon;
  private static String boss;
  private static String guest;

  @BeforeAll
  static void start() throws Exception {
    chromium = Chromium.start();
    boss = tokenOf("boss");
    guest = tokenOf("guest");
    var configuration =
        """
        listen: 127.0.0.1:0
        admin: 127.0.0.1:0
        auth: token
        tokens:
          file: FOLDER/tokens
        plugins:
          dir: FOLDER/plugins
        principals:
          - name: boss
            call: ['*']
            admin: true
          - name: guest
            call: ['*']
        """;
    DaemonFixture.WAYWARD.writeTo(Files.createDirectory(folder.resolve("plugins")));
    var file = folder.resolve("genserverd.yaml");
    Files.writeString(file, configuration.replace("FOLDER", folder.toString()));
    daemon = Daemon.start(ConfigLoader.load(Optional.of(file), Map.of(), Map.of()));
  }

  @AfterAll
  static void stop() {
    if (daemon != null) {
      daemon.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @Test
  void nothingIsShownWithoutALoginAndAllIsShownWithOne() {
    try (var tab = chromium.open()) {
      tab.page().navigate(page() + "#/process/wayward");
      assertThat(tab.page().getByRole(AriaRole.HEADING)).hasText("Log in");
      assertThat(tab.page().getByText("wayward.Wayward")).hasCount(0);
      assertThat(tab.page().getByLabel("Token")).isFocused();

      logIn(tab, "gsd_1_wrong");
      assertThat(tab.page().getByRole(AriaRole.ALERT)).containsText("the token is not known here");

      logIn(tab, boss);
      assertThat(tab.page().locator("h1")).hasText("wayward");
      assertThat(tab.page().locator("#link")).hasText("live");
      tab.page().reload();
      assertThat(tab.page().locator("h1")).hasText("wayward");
      assertThat(tab.page().context().cookies()).isEmpty();

      tab.page().getByText("Log out").click();
      assertThat(tab.page().getByRole(AriaRole.HEADING)).hasText("Log in");
    }
  }

  @Test
  void whoMayNotAdministerIsToldSo() {
    try (var tab = chromium.open()) {
      tab.page().navigate(page());
      logIn(tab, guest);

      assertThat(tab.page().getByRole(AriaRole.HEADING)).hasText("You may not look at this daemon");
      assertThat(tab.page().locator("#link")).hasText("forbidden");
    }
  }

  private static void logIn(Tab tab, String token) {
    tab.page().getByLabel("Token").fill(token);
    tab.page().keyboard().press("Enter");
  }

  private static String page() {
    return "http://127.0.0.1:%d/".formatted(daemon.adminAddress().getPort());
  }

  private static String tokenOf(String principal) throws IOException, InterruptedException {
    var command =
        new ProcessBuilder(
            DaemonProgram.JAVA,
            "-jar",
            "../daemon/target/genserverd.jar",
            "token",
            "create",
            principal,
            "--tokens-file",
            folder.resolve("tokens").toString());
    var output =
        DaemonProgram.output(command.redirectError(ProcessBuilder.Redirect.DISCARD).start());
    assertThat(output).startsWith("0 ");
    return output.substring(2);
  }
}
