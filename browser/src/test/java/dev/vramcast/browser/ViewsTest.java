package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Download;
import com.microsoft.playwright.Locator;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the views show of an answer, and what a click in them applies. */
class ViewsTest extends PageTest {

  /** Behind it stands how old it is. */
  private static final Pattern PRICE = Pattern.compile("\\$([\\d,]+(?:\\.\\d\\d)?)");

  @Test
  void the_bar_tells_its_parts_and_the_range_in_words() {
    open(FITS);
    expect(page.locator("#bar"))
        .hasAttribute("aria-label", Pattern.compile("Stacked bar.*GiB to spare.*nine in ten.*"));
    expect(page.locator("#legend-rows")).containsText("logits and loss");
    expect(page.locator("#legend-rows")).containsText("CUDA context");
    assertThat(shares()).isBetween(99.4, 100.6);
  }

  @Test
  void what_is_too_much_is_said_without_a_chance_that_hardly_is_there() {
    open(DOES_NOT_FIT);
    expect(sentence())
        .containsText(Pattern.compile("needs .* GiB more than the 23.5 GiB of an RTX"));
    expect(sentence()).not().containsText("chance");
  }

  @Test
  void below_a_price_stands_that_it_is_old_and_above_a_column_its_head() {
    open(FITS);
    settleAll();
    Locator market = page.locator("#market");
    expect(market.locator("tbody td:nth-child(4) .unit").first())
        .hasText(Pattern.compile("(at least )?\\d+.* (days|months) old"));
    assertThat(left(market.locator("thead th").nth(1)))
        .isEqualTo(left(market.locator("tbody td").first()));
  }

  @ParameterizedTest
  @ValueSource(ints = {360, 900, 1024, 1440})
  void no_figure_of_a_table_is_hidden_behind_a_button(int width) {
    page.setViewportSize(width, 900);
    open("model.id=qwen2.5-32b&method=qlora&hardware.gpu=RTX+4090");
    settleAll();
    expect(page.locator("#market")).containsText("probably fits");
    expect(page.locator("#plan tbody tr").first()).isVisible();
    Object hidden =
        page.locator(".cards")
            .evaluateAll("boxes => boxes.map(box => box.scrollWidth - box.clientWidth)");
    assertThat((List<?>) hidden).hasSizeGreaterThan(2).allMatch(Integer.valueOf(0)::equals);
  }

  private static double left(Locator cell) {
    return ((Number)
            cell.evaluate(
                "cell => { const text = document.createRange(); text.selectNodeContents(cell);"
                    + " return text.getBoundingClientRect().left; }"))
        .doubleValue();
  }

  @Test
  void the_step_is_read_by_arrow_keys_and_shows_the_tensors_at_its_peak() {
    open(FITS);
    Locator slider = page.locator("#step-slider");
    expect(page.locator("#step-where")).containsText("At the peak");
    expect(page.locator("#alive-rows")).containsText("quantised weights");
    slider.focus();
    page.keyboard().press("Home");
    expect(page.locator("#step-where")).containsText("In load");
    page.keyboard().press("PageDown");
    expect(slider).hasAttribute("aria-valuetext", Pattern.compile("forward, layers: .* GiB"));
    page.keyboard().press("p");
    expect(slider).hasAttribute("aria-valuetext", Pattern.compile("peak, .*"));
    page.locator("#step-content summary").click();
    expect(page.locator("#phase-rows")).containsText("backward, layers");
  }

  @Test
  void the_step_is_read_by_pointer() {
    open(FITS);
    Locator slider = page.locator("#step-slider");
    slider.hover(new Locator.HoverOptions().setPosition(80, 100));
    expect(page.locator("#step-where")).containsText("In load");
    page.locator("h1").hover();
    expect(page.locator("#step-where")).containsText("At the peak");
  }

  @Test
  void what_would_make_it_fit_is_applied_by_a_click() {
    open(DOES_NOT_FIT);
    expect(verdict()).hasText("does not fit");
    Locator all = page.locator("#advice .together button");
    expect(all).isVisible();
    all.click();
    settle();
    expect(verdict()).hasText("fits");
    expect(page.locator("#advice")).containsText("it fits, with");
    page.goBack();
    expect(verdict()).hasText("does not fit");
  }

  @Test
  void one_change_alone_is_applied_by_a_click() {
    open(DOES_NOT_FIT);
    button("Apply: full to lora").click();
    waitForAddress("method=lora", true);
    settle();
    expect(label("Method")).hasValue("lora");
  }

  @Test
  void every_gpu_has_a_price_in_rising_order_and_can_be_taken() {
    open(FITS);
    settleAll();
    List<String> prices = page.locator("#market tbody td:nth-child(4)").allTextContents();
    assertThat(prices).hasSizeGreaterThan(10);
    assertThat(prices.stream().filter(price -> price.startsWith("$")).map(ViewsTest::dollars))
        .isSorted();
    expect(page.locator("#market")).containsText("Age of the prices");
    button("Take 1 × H100 SXM5 80GB").click();
    waitForAddress("hardware.gpu=H100 SXM5 80GB", true);
    settle();
    expect(sentence()).containsText("H100 SXM5 80GB");
  }

  @Test
  void the_plan_shows_no_machine_that_another_beats_and_takes_one_by_a_click() {
    open(FITS);
    settleAll();
    List<String> prices = page.locator("#plan tbody td:nth-child(2)").allTextContents();
    assertThat(prices.stream().map(ViewsTest::dollars)).isSorted().hasSizeGreaterThan(3);
    page.locator("#plan button").last().click();
    waitForAddress("hardware.count=", true);
    settle();
    expect(verdict()).hasText("fits");
  }

  @Test
  void a_point_of_the_plan_can_be_clicked() {
    open(FITS);
    settleAll();
    Locator canvas = page.locator("#plan-canvas");
    canvas.scrollIntoViewIfNeeded();
    Object found =
        canvas.evaluate(
            "(canvas) => { const probe = document.querySelector('#plan button');"
                + " const accent = getComputedStyle(probe).color.match(/\\d+/g).map(Number);"
                + " const { data, width } = canvas.getContext('2d')"
                + "  .getImageData(0, 0, canvas.width, canvas.height);"
                + " for (let at = 0; at < data.length; at += 4)"
                + "  if (accent.every((part, channel) => data[at + channel] === part))"
                + "   return [(at / 4) % width, Math.floor(at / 4 / width) + 5];"
                + " return null; }");
    assertThat(found).isInstanceOf(List.class);
    List<?> place = (List<?>) found;
    canvas.click(
        new Locator.ClickOptions()
            .setPosition(
                ((Number) place.get(0)).doubleValue(), ((Number) place.get(1)).doubleValue()));
    waitForAddress("hardware.count=", true);
  }

  @Test
  void the_keyboard_moves_along_the_plan_and_takes_a_machine() {
    open(FITS);
    settleAll();
    Locator point = page.locator("#plan-point");
    expect(point).containsText("1 of ");
    String first = point.textContent();
    point.focus();
    page.keyboard().press("End");
    expect(point).not().hasText(first);
    assertThat(point.getAttribute("aria-valuetext")).isEqualTo(point.textContent());
    page.keyboard().press("Home");
    expect(point).hasText(first);
    page.keyboard().press("ArrowRight");
    expect(point).containsText("2 of ");
    page.keyboard().press("Enter");
    waitForAddress("hardware.count=", true);
  }

  @Test
  void each_price_has_its_age_and_each_part_of_the_run_its_memory() {
    open(FITS);
    settleAll();
    expect(page.locator("#market tbody tr").first()).containsText("month");
    expect(page.locator("#life")).containsText("load");
    expect(page.locator("#life")).containsText("save");
  }

  @Test
  void warnings_are_folded_below_the_verdict() {
    open(FITS + "&batch.sequence_length=200000");
    settle();
    expect(page.locator("#warnings summary")).containsText("on this job");
    expect(page.locator("#warning-list")).isHidden();
    page.locator("#warnings summary").click();
    expect(page.locator("#warning-list")).containsText("beyond");
    expect(page.locator("#messages li")).hasCount(0);
  }

  @Test
  void two_jobs_stand_side_by_side_and_a_link_holds_both() {
    open(FITS);
    settleAll();
    button("Keep this job beside").click();
    waitForAddress("other=", true);
    label("Method").selectOption("lora");
    settle();
    Locator needs = page.locator("#compare tr:has-text('Needs')");
    expect(needs.locator("strong")).hasCount(2);
    String both = needs.textContent();
    page.reload();
    settle();
    expect(page.locator("#compare tr:has-text('Needs')")).hasText(both);
    button("Forget the other").click();
    waitForAddress("other=", false);
    expect(page.locator("#compare")).containsText("Keep a job");
  }

  @Test
  void a_budget_that_nothing_keeps_is_explained() {
    open(FITS);
    label("Budget, $").fill("0.0001");
    label("Budget, $").press("Enter");
    settleAll();
    expect(page.locator("#plan")).containsText("Nothing is left");
    expect(page.locator("#plan-figure")).isHidden();
  }

  @Test
  void the_job_is_written_for_a_framework_and_downloaded() throws IOException {
    open(FITS);
    settleAll();
    expect(page.locator("#written pre").first()).containsText("adapter: qlora");
    label("Format").selectOption("torchrun");
    Locator file = page.locator("#written figure").last();
    expect(file).containsText("train.sh");
    String text = file.locator("pre").textContent();
    assertThat(text).contains("axolotl train axolotl.yaml");
    Download download = page.waitForDownload(() -> file.getByText("Download").click());
    assertThat(Files.readString(download.path())).isEqualTo(text);
  }

  @Test
  void the_written_file_is_copied() {
    context.grantPermissions(List.of("clipboard-read", "clipboard-write"));
    open(FITS);
    settleAll();
    button("Copy").first().click();
    expect(button("Copied")).isVisible();
    assertThat(page.evaluate("navigator.clipboard.readText()"))
        .isEqualTo(page.locator("#written pre").first().textContent());
  }

  private double shares() {
    return page.locator("#legend-rows td:nth-child(3)").allTextContents().stream()
        .mapToDouble(text -> Double.parseDouble(text.replace(" %", "")))
        .sum();
  }

  private static double dollars(String text) {
    Matcher price = PRICE.matcher(text);
    assertThat(price.find()).as(text).isTrue();
    return Double.parseDouble(price.group(1).replace(",", ""));
  }
}
