package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Playwright;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Chromium and the server, started once for all tests. Where the build left the page out, there is
 * nothing to test. Where there is a page but no browser, tests fail under CI (the variable CI is
 * set) and are skipped elsewhere. All of this is said in one line.
 */
final class Environment {

  private static final List<String> ARGUMENTS =
      List.of(
          "--no-sandbox",
          "--disable-gpu",
          "--disable-quic",
          "--no-first-run",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync");

  private static Environment started;
  private static boolean coverage;

  private final Browser browser;
  private final PageServer server;

  private Environment(Browser browser, PageServer server) {
    this.browser = browser;
    this.server = server;
  }

  /** Starts what is needed, or ends the test with a line that names what is missing. */
  static synchronized Environment get() {
    if (started == null) {
      String missing = missing();
      if (!missing.isEmpty()) {
        refuse("vramcast: the browser tests need " + missing);
      }
      started = start();
    }
    return started;
  }

  Browser browser() {
    return browser;
  }

  /** The address of the page, with a slash at its end. */
  String url() {
    return server.url();
  }

  private static void refuse(String words) {
    if (!coverage) {
      System.out.println(words);
      coverage = true;
    }
    if (System.getenv("CI") != null && PageServer.hasPage()) {
      fail(words);
    }
    abort(words);
  }

  private static String missing() {
    if (!PageServer.hasPage()) {
      return "the page, which the build leaves out without Node";
    }
    String missing = read("target/missing");
    return missing.isEmpty() && read("target/chromium").isEmpty()
        ? "what browser/prepare.sh gets"
        : missing;
  }

  private static Environment start() {
    Playwright.CreateOptions options =
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1"));
    Playwright playwright = Playwright.create(options);
    Browser browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(Path.of(read("target/chromium")))
                    .setArgs(ARGUMENTS));
    PageServer server = PageServer.start();
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  playwright.close();
                  server.close();
                }));
    return new Environment(browser, server);
  }

  private static String read(String file) {
    try {
      Path path = Path.of(file);
      return Files.exists(path) ? Files.readString(path).strip() : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
