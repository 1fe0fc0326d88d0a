package dev.genserver.tests;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import dev.genserver.client.GenServerClient;
import dev.genserver.client.GenServerException;
import dev.genserver.tests.Chromium.Tab;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Makes pictures of the dashboard, for its page in docs/ and for those who change it:
/// `-Ddashboard.pictures=FOLDER`.
@EnabledIfSystemProperty(named = DashboardPicturesIT.FOLDER, matches = ".+")
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class DashboardPicturesIT {

  static final String FOLDER = "dashboard.pictures";

  /// For so long a view gathers what it shows before its picture is taken; and the first one of a
  /// wide page, with its charts.
  private static final Duration LOOK = Duration.ofSeconds(3);

  private static final Duration HISTORY = Duration.ofSeconds(55);

  /// The cart that is at its checkout for long.
  private static final int STUCK = 5;

  /// The cart that is suspended.
  private static final int HELD = 7;

  private record Size(int width, int height) {}

  private static final List<Size> SIZES =
      List.of(new Size(1440, 900), new Size(900, 1100), new Size(390, 844));

  private static final List<String> VIEWS =
      List.of(
          "overview",
          "tree",
          "processes?sort=received&descending=true",
          "process/cart-00003",
          "plugins",
          "connections",
          "events");

  @TempDir private Path plugins;

  @ParameterizedTest(name = "{0} processes")
  @ValueSource(ints = {10, 1_000, 100_000})
  void everyViewAtEachSizeInBothThemes(int carts) throws Exception {
    DaemonFixture.copyExamples(plugins);
    Crowd.plugin(carts).writeTo(plugins);
    try (var chromium = Chromium.start();
        var daemon = DaemonFixture.start(plugins);
        var shop = daemon.client()) {
      disturb(shop);
      var customers = Thread.startVirtualThread(() -> buy(shop, Math.min(carts, 200)));
      try {
        for (var theme : List.of(ColorScheme.LIGHT, ColorScheme.DARK)) {
          for (var size : SIZES) {
            try (var tab = chromium.open(size.width, size.height, theme)) {
              var name = "%d-%d-%s".formatted(carts, size.width, theme).toLowerCase(Locale.ROOT);
              picturesOf(tab, daemon, shop, size, name);
            }
          }
        }
      } finally {
        customers.interrupt();
        customers.join();
      }
    }
  }

  private static void picturesOf(
      Tab tab, DaemonFixture daemon, GenServerClient shop, Size size, String name)
      throws IOException {
    var folder = Files.createDirectories(Path.of("..").resolve(System.getProperty(FOLDER)));
    for (var view : VIEWS) {
      tab.page().navigate(daemon.adminUrl() + "/#/" + view);
      assertThat(tab.page().locator("#link")).hasText("live");
      if (view.equals(VIEWS.getFirst())) {
        crash(shop); // each page sees one
      }
      var isFirst = view.equals(VIEWS.getFirst()) && size.equals(SIZES.getFirst());
      tab.page().waitForTimeout((double) (isFirst ? HISTORY : LOOK).toMillis());
      var file = folder.resolve(view.replaceAll("\\W.*", "") + "-" + name + ".png");
      tab.page().screenshot(new Page.ScreenshotOptions().setPath(file));
      assertThat(file).isNotEmptyFile();
    }
  }

  private static void crash(GenServerClient shop) {
    attempt(() -> shop.call("cart-00003", Map.of("type", "add", "cents", -5), Long.class));
  }

  /// Something for the eye: a queue, and a process that is held still.
  private static void disturb(GenServerClient shop) {
    shop.cast("cart-%05d".formatted(STUCK), Map.of("type", "checkout", "millis", 3_600_000));
    for (var i = 0; i < 140; i++) {
      shop.cast("cart-%05d".formatted(STUCK), Map.of("type", "checkout", "millis", 1));
    }
    shop.call(
        "sys.processes",
        Map.of("type", "suspend", "process", "cart-%05d".formatted(HELD)),
        String.class);
  }

  /// Calls as they come in a shop: some carts more than others, and a few mistakes.
  private static void buy(GenServerClient shop, int carts) {
    var random = new Random(42);
    while (!Thread.currentThread().isInterrupted()) {
      var cart = (int) Math.abs(random.nextGaussian() * carts / 4) % carts;
      var name = random.nextInt(20_000) == 0 ? "cart-x" : "cart-%05d".formatted(cart);
      if (cart != STUCK && cart != HELD) {
        var add = Map.of("type", "add", "cents", random.nextInt(9_000));
        attempt(() -> shop.call(name, add, Long.class));
      }
      attempt(() -> shop.call("counter", Map.of("type", "add", "by", 1), Long.class));
    }
  }

  private static void attempt(Runnable call) {
    try {
      call.run();
    } catch (GenServerException refused) {
      assertThat(refused.getMessage()).isNotEmpty(); // it is there to be seen
    }
  }
}
