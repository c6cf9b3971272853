package dev.vramcast.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ReducedMotion;
import com.microsoft.playwright.options.WaitUntilState;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;

/** A page in a browser of its own for each test; its console says what the test allows, no more. */
abstract class PageTest {

  /** A job that fits, tightly or not, and one that does not fit. */
  static final String FITS =
      "model.id=llama-3.1-8b&method=qlora&checkpointing=full&loss=liger&hardware.gpu=RTX+4090";

  static final String DOES_NOT_FIT = "model.id=llama-3.1-8b&method=full&hardware.gpu=RTX+4090";

  private static final double SLOW_MILLIS = 30_000;

  final List<String> console = new ArrayList<>();
  final List<String> requests = new ArrayList<>();
  private final List<String> allowed = new ArrayList<>();
  BrowserContext context;
  Page page;

  @BeforeAll
  static void expect_answers_within_the_patience_of_a_slow_machine() {
    PlaywrightAssertions.setDefaultAssertionTimeout(SLOW_MILLIS);
  }

  @BeforeEach
  void open_a_browser() {
    context = Environment.get().browser().newContext(options());
    context.setDefaultTimeout(SLOW_MILLIS);
    page = newPage();
  }

  @AfterEach
  void close_it() {
    if (context != null) {
      context.close();
      console.removeIf(line -> allowed.stream().anyMatch(line::contains));
      Assertions.assertThat(console).as("what the console says").isEmpty();
    }
  }

  /** Lets the console say this, whenever it comes. */
  final void mayBeInTheConsole(String part) {
    allowed.add(part);
  }

  com.microsoft.playwright.Browser.NewContextOptions options() {
    return new com.microsoft.playwright.Browser.NewContextOptions()
        .setViewportSize(1280, 900)
        .setColorScheme(ColorScheme.LIGHT)
        .setReducedMotion(ReducedMotion.REDUCE);
  }

  final Page newPage() {
    Page opened = context.newPage();
    opened.onConsoleMessage(message -> console.add(message.type() + ": " + message.text()));
    opened.onPageError(error -> console.add("error: " + error));
    opened.onRequest(request -> requests.add(request.url()));
    return opened;
  }

  static String url() {
    return Environment.get().url();
  }

  /** Opens the page with what stands behind the #, and waits for its answer. */
  final void open(String fragment) {
    page.navigate("about:blank");
    page.navigate(url() + (fragment.isEmpty() ? "" : "#" + fragment));
    settle();
  }

  /** Waits until the estimate of the present state, or its error, is shown. */
  final void settle() {
    expect(page.locator("#answer")).hasAttribute("aria-busy", "false");
  }

  /** Waits for the views that take longer. */
  final void settleAll() {
    settle();
    expect(page.locator("main [aria-busy=true]")).hasCount(0);
  }

  final Locator label(String text) {
    return page.getByLabel(text, new Page.GetByLabelOptions().setExact(true));
  }

  /** The field of a knob, by its key. */
  final Locator number(String key) {
    return page.locator("[id='knob-" + key + "']");
  }

  final Locator button(String name) {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName(name).setExact(true));
  }

  final Locator verdict() {
    return page.locator("#verdict-word");
  }

  final Locator sentence() {
    return page.locator("#verdict-sentence");
  }

  /** What stands behind the #, with spaces as spaces. */
  final String fragment() {
    return page.url().contains("#")
        ? page.url().substring(page.url().indexOf('#') + 1).replace('+', ' ')
        : "";
  }

  /** Waits until the address has, or no longer has, a part. */
  final void waitForAddress(String part, boolean has) {
    page.waitForURL(
        url -> URLDecoder.decode(url, StandardCharsets.UTF_8).contains(part) == has,
        new Page.WaitForURLOptions().setWaitUntil(WaitUntilState.COMMIT));
  }

  /** Drops a text file on the page, as a file manager does. */
  final void drop(String name, String text) {
    page.evaluate(
        "({name, text}) => { const data = new DataTransfer();"
            + " data.items.add(new File([text], name));"
            + " for (const type of ['dragover', 'drop'])"
            + "  document.body.dispatchEvent(new DragEvent(type,"
            + "   {dataTransfer: data, bubbles: true, cancelable: true})); }",
        Map.of("name", name, "text", text));
  }

  static LocatorAssertions expect(Locator locator) {
    return assertThat(locator);
  }
}
