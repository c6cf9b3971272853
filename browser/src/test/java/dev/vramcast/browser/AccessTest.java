package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keyboard, screen reader, phone, light and dark. */
class AccessTest extends PageTest {

  private static final int PHONE = 360;

  @ParameterizedTest
  @CsvSource({
    "light, 1280, fits",
    "dark, 1280, fits",
    "light, 360, does not fit",
    "dark, 360, does not fit",
    "light, 1440, fits",
    "dark, 1440, does not fit",
    "light, 1280, nothing",
    "dark, 1280, error",
  })
  void axe_finds_nothing_to_complain_of(String scheme, int width, String state) throws IOException {
    mayBeInTheConsole("status of 4");
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(scheme(scheme)));
    page.setViewportSize(width, 800);
    open(
        Map.of(
                "fits",
                FITS,
                "does not fit",
                DOES_NOT_FIT,
                "nothing",
                "method=lora",
                "error",
                FITS + "&lora.rank=0")
            .get(state));
    settleAll();
    page.evaluate(Files.readString(Path.of("node_modules/axe-core/axe.min.js")));
    Object violations =
        page.evaluate(
            "async () => (await axe.run()).violations.map((found) =>"
                + " found.id + ': ' + found.nodes.map((node) => node.html).join(' | '))");
    assertThat((List<?>) violations).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"method=lora", FITS, DOES_NOT_FIT})
  void a_phone_never_scrolls_sideways(String fragment) {
    page.setViewportSize(PHONE, 740);
    open(fragment);
    settleAll();
    assertThat(page.evaluate("document.documentElement.scrollWidth")).isEqualTo(PHONE);
  }

  @Test
  void a_phone_shows_the_verdict_before_the_knobs() {
    page.setViewportSize(PHONE, 740);
    open(FITS);
    settle();
    double verdict = page.locator("#verdict-word").boundingBox().y;
    double knobs = page.locator("#model-heading").boundingBox().y;
    double step = page.locator("#step-heading").boundingBox().y;
    assertThat(verdict).isLessThan(200).isLessThan(knobs);
    assertThat(knobs).isLessThan(step);
  }

  @Test
  void a_phone_keeps_the_verdict_in_sight() {
    page.setViewportSize(PHONE, 740);
    open(DOES_NOT_FIT);
    expect(page.locator("#strip")).isVisible();
    expect(page.locator("#strip")).containsText("does not fit");
    expect(page.locator("#strip")).containsText("GiB");
  }

  @Test
  void the_keyboard_alone_chooses_a_model_and_applies_advice() {
    open(DOES_NOT_FIT);
    page.keyboard().press("Tab");
    assertThat(focused()).isEqualTo("Skip to the answer");
    tabTo("knob-model.id");
    page.keyboard().type("mistral");
    expect(page.locator("#model-list [role=option]").first()).containsText("mistral");
    page.keyboard().press("ArrowDown");
    expect(page.locator("[id='knob-model.id']"))
        .hasAttribute("aria-activedescendant", "model-option-0");
    page.keyboard().press("Enter");
    settle();
    expect(sentence()).containsText(Pattern.compile("mistral", Pattern.CASE_INSENSITIVE));
    settleAll();
    tabTo("step-slider");
    for (int press = 0; press < 6 && !focused().startsWith("Apply"); press++) {
      page.keyboard().press("Tab");
    }
    assertThat(focused()).startsWith("Apply");
    String before = page.url();
    page.keyboard().press("Enter");
    page.waitForURL(url -> !url.equals(before));
    settle();
  }

  @Test
  void what_has_the_focus_shows_it() {
    open(FITS);
    for (int press = 0; press < 25; press++) {
      page.keyboard().press("Tab");
      assertThat(
              page.evaluate(
                  "() => { const node = document.activeElement;"
                      + " const shows = (part) => part !== null"
                      + "  && getComputedStyle(part).outlineStyle !== 'none';"
                      + " return shows(node) || shows(node.nextElementSibling)"
                      + "  || shows(node.previousElementSibling); }"))
          .as("an outline at '%s'", focused())
          .isEqualTo(true);
    }
  }

  @Test
  void a_screen_reader_is_told_of_the_answer_in_one_sentence() {
    open(FITS);
    expect(page.getByRole(com.microsoft.playwright.options.AriaRole.STATUS))
        .hasText(
            Pattern.compile(
                "fits: llama-3.1-8b needs .* to spare, and fits with a chance of .* %;"
                    + " nine in ten .*\\."));
  }

  @Test
  void colours_follow_the_system_and_the_switch_wins_and_is_kept() {
    page.emulateMedia(new Page.EmulateMediaOptions().setColorScheme(ColorScheme.DARK));
    open(FITS);
    assertThat(isDark()).isTrue();
    page.locator("input[name=theme][value=light]").check();
    assertThat(isDark()).isFalse();
    page.reload();
    settle();
    assertThat(isDark()).isFalse();
    page.locator("input[name=theme][value='']").check();
    assertThat(isDark()).isTrue();
  }

  private boolean isDark() {
    return (boolean)
        page.evaluate(
            "() => { const [red] = getComputedStyle(document.documentElement)"
                + ".backgroundColor.match(/\\d+/g).map(Number); return red < 128; }");
  }

  private static ColorScheme scheme(String name) {
    return name.equals("dark") ? ColorScheme.DARK : ColorScheme.LIGHT;
  }

  private void tabTo(String id) {
    for (int press = 0; press < 80; press++) {
      if (id.equals(page.evaluate("document.activeElement.id"))) {
        return;
      }
      page.keyboard().press("Tab");
    }
    throw new AssertionError(id + " is not reached by Tab");
  }

  private String focused() {
    return String.valueOf(
        page.evaluate(
            "document.activeElement.getAttribute('aria-label')"
                + " ?? document.activeElement.textContent.trim()"));
  }
}
