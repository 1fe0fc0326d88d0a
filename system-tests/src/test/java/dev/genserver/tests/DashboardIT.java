package dev.genserver.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import dev.genserver.client.GenServerClient;
import dev.genserver.daemon.StartException;
import dev.genserver.tests.Chromium.Tab;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The dashboard, as a person has it before them.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class DashboardIT {

  private static final List<String> VIEWS =
      List.of(
          "overview", "tree", "processes", "process/wayward", "plugins", "connections", "events");

  private static Chromium chromium;

  @TempDir private Path plugins;
  @TempDir private Path jars;

  @BeforeAll
  static void startBrowser() {
    chromium = Chromium.start();
  }

  @AfterAll
  static void closeBrowser() {
    if (chromium != null) {
      chromium.close();
    }
  }

  // What is seen.

  @Test
  void everyViewIsShownWithoutComplaintsAndWithNothingFromElsewhere() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var tab = chromium.open()) {
      for (var view : VIEWS) {
        open(tab, daemon, view);
        assertThat(tab.page().locator("h1")).isVisible();
        assertThat(tab.page().locator(".card:visible").first()).isVisible();
        assertThat(tab.page().locator(".problem:visible")).hasCount(0);
      }
      assertThat(tab.complaints()).isEmpty();
      assertThat(tab.requests())
          .hasSizeGreaterThan(20)
          .allSatisfy(address -> assertThat(address).startsWith(daemon.adminUrl()));
    }
  }

  @Test
  void callsMoveTheNumbersAsTheyAreMade() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client();
        var tab = chromium.open()) {
      open(tab, daemon, "overview");
      var calls = legend(tab, "Requests", "calls");
      assertThat(calls).hasText("0");

      var caller = Thread.startVirtualThread(() -> callUntilInterrupted(client));
      try {
        assertThat(calls).hasText(Pattern.compile("[1-9].*"));
        assertThat(tab.page().locator("figure:has(h2:text-is('Latency of calls')) .value"))
            .hasText(Pattern.compile("[0-9.]+ (µs|ms|s)"));
        open(tab, daemon, "process/wayward");
        assertThat(legend(tab, "Messages taken", "taken")).hasText(Pattern.compile("[1-9].*"));
      } finally {
        caller.interrupt();
      }
    }
  }

  private static void callUntilInterrupted(GenServerClient client) {
    while (!Thread.currentThread().isInterrupted()) {
      client.call("wayward", Map.of("type", "add", "by", 1), Long.class);
    }
  }

  @Test
  void crashIsToldWithItsReasonAndTheRestartIsSeen() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client();
        var tab = chromium.open()) {
      open(tab, daemon, "events");
      crash(client);

      assertThat(tab.page().locator(".event.bad", containing("process crashed"))).isVisible();
      open(tab, daemon, "tree");
      assertThat(node(tab, "wayward").getByText("1 restart")).isVisible();
      open(tab, daemon, "process/wayward");
      assertThat(tab.page().locator(".crash"))
          .containsText("java.lang.IllegalStateException: told to");
      assertThat(tab.page().locator(".crash")).containsText("wayward.Wayward.handleCall");
      open(tab, daemon, "overview");
      assertThat(tab.page().locator(".wrong")).containsText("1 process has crashed in the last");
    }
  }

  @Test
  void stuckProcessShowsWhatItIsAtAndWhoWaits() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client();
        var tab = chromium.open()) {
      client.cast("wayward", Map.of("type", "sleep", "millis", 60_000));
      var waits = client.callAsync("wayward", "get", Long.class, Duration.ofSeconds(60));
      open(tab, daemon, "process/wayward");

      assertThat(tab.page().locator(".card", containing("Messages that wait"))).containsText("get");
      tab.page().getByText("Stack").first().click();
      assertThat(tab.page().locator("details[open] pre").first())
          .containsText("wayward.Wayward.sleep");
      open(tab, daemon, "overview");
      assertThat(tab.page().locator("tr", containing("wayward"))).containsText("1");
      waits.cancel(true);
    }
  }

  @Test
  void whatComesFromTheDaemonIsTextAndNothingElse() throws StartException {
    var evil = "evil<img src=x onerror=document.title='owned'>";
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client();
        var tab = chromium.open()) {
      client.call(
          "sys.processes",
          Map.of("type", "start", "behaviour", "wayward", "name", evil),
          Map.class);
      for (var view : List.of("tree", "processes", "process/" + encoded(evil))) {
        open(tab, daemon, view);
        assertThat(tab.page().getByText(evil).first()).isVisible();
      }
      assertThat(tab.page().locator("main img")).hasCount(0);
      assertThat(tab.page()).not().hasTitle("owned");
    }
  }

  private static String encoded(String name) {
    return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
  }

  @Test
  void tracedProcessTellsItsMessages() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client();
        var tab = chromium.open()) {
      open(tab, daemon, "process/wayward");
      button(tab, "Follow").click();
      assertThat(button(tab, "Stop following")).isVisible();
      await()
          .atMost(Chromium.SOON)
          .untilAsserted(() -> {
            client.call("wayward", Map.of("type", "add", "by", 7), Long.class);
            assertThat(tab.page().locator(".trace li").count()).isPositive();
          });
      assertThat(tab.page().locator(".trace")).containsText("Add[by=7]");
    }
  }

  @Test
  void onlyThoseProcessesAreThereThatAreSeen() throws StartException {
    Crowd.plugin(3_000).writeTo(plugins);
    try (var daemon = DaemonFixture.start(plugins);
        var tab = chromium.open()) {
      open(tab, daemon, "processes?sort=name&text=cart-");
      assertThat(tab.page().locator(".told")).containsText("3,000 of ");
      assertThat(tab.page().locator(".space .row:not(.blank) a").first()).hasText("cart-00000");
      tab.page().locator(".scroller").focus();
      tab.page().keyboard().press("End");
      assertThat(tab.page().locator(".row.current a")).hasText("cart-02999");
      assertThat(tab.page().locator(".space .row").count()).isLessThan(60);
      tab.page().keyboard().press("Enter");
      assertThat(tab.page().locator("h1")).hasText("cart-02999");

      open(tab, daemon, "processes");
      tab.page().getByPlaceholder("name, class or pid").fill("CART-00042");
      assertThat(tab.page().locator(".told")).containsText("1 of ");
      assertThat(tab.page().locator(".space .row:not(.blank) a").first()).hasText("cart-00042");
    }
  }

  // What is done.

  @Test
  void processIsHeldStillAndEndedOnlyAfterAsking() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client();
        var tab = chromium.open()) {
      client.call("wayward", Map.of("type", "add", "by", 3), Long.class);
      open(tab, daemon, "process/wayward");

      button(tab, "Suspend").click();
      assertThat(dialog(tab)).containsText("It will take no messages until it is resumed");
      tab.page().keyboard().press("Escape");
      assertThat(dialog(tab)).hasCount(0);
      assertThat(button(tab, "Suspend")).isFocused();
      assertThat(statusOf(client, "wayward")).isEqualTo("idle");

      confirm(tab, "Suspend");
      assertThat(tab.page().locator(".title .status")).hasText("suspended");
      assertThat(statusOf(client, "wayward")).isEqualTo("suspended");
      confirm(tab, "Resume");
      assertThat(tab.page().locator(".title .status")).hasText("idle");

      confirm(tab, "Restart");
      assertThat(tab.page().locator(".notices")).containsText("wayward was started again");
      assertThat(client.call("wayward", "get", Long.class)).isZero();

      confirm(tab, "Stop");
      assertThat(tab.page().locator(".gone")).containsText("It does not run");
      open(tab, daemon, "tree");
      assertThat(node(tab, "wayward")).containsText("not running");
      open(tab, daemon, "process/wayward");
      confirm(tab, "Start");
      assertThat(tab.page().locator(".title .status")).hasText("idle");
      assertThat(tab.complaints().stream().filter(words -> !words.contains("404"))).isEmpty();
    }
  }

  @Test
  void refusalIsSaidPlainly() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var tab = chromium.open()) {
      open(tab, daemon, "process/sys.processes");
      button(tab, "Stop").click();
      dialog(tab).getByRole(AriaRole.BUTTON, named("Stop")).click();

      assertThat(dialog(tab).getByRole(AriaRole.ALERT))
          .containsText("You may not do that. 'sys.processes' is the daemon's own");
      dialog(tab).getByRole(AriaRole.BUTTON, named("Close")).click();
      assertThat(dialog(tab)).hasCount(0);
    }
  }

  @Test
  void pluginIsUpgradedAfterItWasTriedAndRolledBack() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var tab = chromium.open()) {
      var next = DaemonFixture.wayward("2.0.0").writeTo(jars);
      open(tab, daemon, "plugins");
      button(tab, "Upgrade …").click();
      tab.page().getByLabel("Jar").setInputFiles(next);
      dialog(tab).getByRole(AriaRole.BUTTON, named("Try it")).click();
      assertThat(dialog(tab)).containsText("wayward 1.0.0 would become 2.0.0.");
      assertThat(tab.page().locator(".version")).hasText("1.0.0");
      dialog(tab).getByRole(AriaRole.BUTTON, named("Upgrade now")).click();
      assertThat(tab.page().locator(".version")).hasText("2.0.0");
      assertThat(tab.page().locator(".plugin")).containsText("before: 1.0.0");

      button(tab, "Roll back").click();
      dialog(tab).getByRole(AriaRole.BUTTON, named("Roll back")).click();
      assertThat(tab.page().locator(".version")).hasText("1.0.0");
    }
  }

  @Test
  void connectionIsClosed() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client();
        var tab = chromium.open()) {
      client.ping(Chromium.SOON);
      open(tab, daemon, "connections");
      assertThat(tab.page().locator("tbody tr")).hasCount(1);
      var peer = tab.page().locator("tbody th").textContent();
      confirm(tab, "Close the connection of " + peer, "Close it");
      assertThat(tab.page().locator(".notices")).containsText("was closed");
    }
  }

  // Whether the daemon is there, and who asks.

  @Test
  void pageComesBackAfterTheDaemonWasStartedAgain() throws StartException {
    DaemonFixture.WAYWARD.writeTo(plugins);
    try (var tab = chromium.open()) {
      String admin;
      try (var daemon = DaemonFixture.start(plugins)) {
        admin = daemon.adminAddress();
        open(tab, daemon, "overview");
        tab.page().evaluate("window.sameAsBefore = true");
      }
      assertThat(tab.page().locator("#link")).hasText("disconnected, trying again");
      try (var daemon = DaemonFixture.start(plugins, Map.of("--admin", admin));
          var client = daemon.client()) {
        assertThat(tab.page().locator("#link")).hasText("live");
        crash(client);
        assertThat(tab.page().locator(".log")).containsText("server=wayward.Wayward");
        assertThat(tab.page().evaluate("window.sameAsBefore")).isEqualTo(true);
      }
    }
  }

  // Who cannot see well, has no mouse, or a small screen.

  @ParameterizedTest
  @EnumSource(
      value = ColorScheme.class,
      names = {"LIGHT", "DARK"})
  void textStandsOutFromItsGround(ColorScheme theme) throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var client = daemon.client();
        var tab = chromium.open(1440, 900, theme)) {
      crash(client);
      for (var view : VIEWS) {
        open(tab, daemon, view);
        assertThat(tab.page().locator(".card:visible").first()).isVisible();
        assertThat((List<?>) tab.page().evaluate(Contrast.SCRIPT)).as(view).isEmpty();
      }
    }
  }

  @Test
  void nothingSticksOutOfANarrowScreen() throws StartException {
    try (var daemon = DaemonFixture.withExamples(plugins);
        var tab = chromium.open(360, 740, ColorScheme.LIGHT)) {
      for (var view : VIEWS) {
        open(tab, daemon, view.replace("wayward", "counter"));
        assertThat(tab.page().locator(".card:visible").first()).isVisible();
        assertThat(tab.page().evaluate("document.documentElement.scrollWidth"))
            .as(view)
            .isEqualTo(360);
      }
    }
  }

  @Test
  void treeIsWalkedWithKeys() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var tab = chromium.open()) {
      open(tab, daemon, "tree");
      var root = tab.page().getByRole(AriaRole.TREEITEM).first();
      assertThat(root).hasAttribute("aria-expanded", "true");
      root.focus();
      tab.page().keyboard().press("ArrowLeft");
      assertThat(root).hasAttribute("aria-expanded", "false");
      assertThat(node(tab, "wayward")).isHidden();
      tab.page().keyboard().press("ArrowRight");
      tab.page().keyboard().press("End");
      tab.page().keyboard().press("Enter");
      assertThat(tab.page()).hasURL(Pattern.compile(".*#/process/wayward"));
    }
  }

  @Test
  void themeIsChosenAndRemembered() throws StartException {
    try (var daemon = DaemonFixture.withWayward(plugins);
        var tab = chromium.open()) {
      open(tab, daemon, "overview");
      assertThat(ground(tab)).isEqualTo("rgb(244, 246, 249)");
      button(tab, "Switch to dark colours").click();
      assertThat(ground(tab)).isEqualTo("rgb(13, 18, 24)");
      tab.page().reload();
      assertThat(ground(tab)).isEqualTo("rgb(13, 18, 24)");
    }
  }

  private static Object ground(Tab tab) {
    return tab.page().evaluate("getComputedStyle(document.body).backgroundColor");
  }

  // The reader's hands.

  /// Goes to a view of the page, and waits until the daemon tells it what happens.
  private static void open(Tab tab, DaemonFixture daemon, String view) {
    tab.page().navigate(daemon.adminUrl() + "/#/" + view);
    assertThat(tab.page().locator("#link")).hasText("live");
  }

  private static Locator button(Tab tab, String name) {
    return tab.page()
        .getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name).setExact(true);
  }

  private static Page.LocatorOptions containing(String text) {
    return new Page.LocatorOptions().setHasText(text);
  }

  private static Locator dialog(Tab tab) {
    return tab.page().locator("dialog");
  }

  private static void confirm(Tab tab, String button) {
    confirm(tab, button, button);
  }

  private static void confirm(Tab tab, String button, String answer) {
    button(tab, button).click();
    dialog(tab).getByRole(AriaRole.BUTTON, named(answer)).click();
    assertThat(dialog(tab)).hasCount(0);
  }

  /// The line of a node of the tree.
  private static Locator node(Tab tab, String name) {
    return tab.page()
        .locator(
            ".node", new Page.LocatorOptions().setHas(tab.page().locator("a", containing(name))))
        .last();
  }

  /// The number beside a line of a chart.
  private static Locator legend(Tab tab, String chart, String line) {
    return tab.page()
        .locator("figure:has(h2:text-is('%s')) .legend li".formatted(chart), containing(line))
        .locator("b");
  }

  private static void crash(GenServerClient client) {
    assertThatThrownBy(() -> client.call("wayward", "crash", Object.class))
        .hasMessageContaining("told to");
  }

  private static String statusOf(GenServerClient client, String process) {
    var info = client.call("sys.processes", Map.of("type", "info", "process", process), Map.class);
    return (String) info.get("status");
  }
}
