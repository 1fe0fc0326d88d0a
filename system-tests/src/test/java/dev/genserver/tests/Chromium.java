package dev.genserver.tests;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// The browser that Debian installs, without a window. For one thread.
final class Chromium implements AutoCloseable {

  /// How long is waited for anything to be seen.
  static final Duration SOON = Duration.ofSeconds(40);

  private static final Path PROGRAM = Path.of("/usr/bin/chromium");

  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /// Skips the test where no browser is installed.
  static Chromium start() {
    assumeTrue(
        Files.isExecutable(PROGRAM), "no browser at " + PROGRAM + "; install Debian's chromium");
    PlaywrightAssertions.setDefaultAssertionTimeout((double) SOON.toMillis());
    var playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    var browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(PROGRAM)
                    .setHeadless(true)
                    .setChromiumSandbox(false)
                    .setArgs(
                        List.of(
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync")));
    return new Chromium(playwright, browser);
  }

  /// A page that has nothing in common with others.
  Tab open(int width, int height, ColorScheme theme) {
    var context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(width, height)
                .setColorScheme(theme)
                .setLocale("en-GB"));
    context.setDefaultTimeout((double) SOON.toMillis());
    var tab = new Tab(context.newPage());
    tab.listen();
    return tab;
  }

  Tab open() {
    return open(1440, 900, ColorScheme.LIGHT);
  }

  /// One page, and what it did besides what is seen.
  ///
  /// @param complaints what it wrote to its console as an error, and what it threw
  /// @param requests all addresses that it asked for
  record Tab(Page page, List<String> complaints, List<String> requests) implements AutoCloseable {

    Tab(Page page) {
      this(page, new CopyOnWriteArrayList<>(), new CopyOnWriteArrayList<>());
    }

    private void listen() {
      page.onConsoleMessage(message -> {
        if (message.type().equals("error") || message.type().equals("warning")) {
          complaints.add(message.text());
        }
      });
      page.onPageError(complaints::add);
      page.onRequest(request -> requests.add(request.url()));
    }

    @Override
    public void close() {
      page.context().close();
    }
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }
}
