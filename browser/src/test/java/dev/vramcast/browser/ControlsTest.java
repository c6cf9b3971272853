package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every knob changes the job, the answer and the address. */
class ControlsTest extends PageTest {

  @Test
  void a_first_visit_shows_an_answer_at_once() {
    open("");
    expect(verdict()).hasText(Pattern.compile("fits|tight"));
    expect(sentence()).containsText("llama-3.1-8b needs");
    assertThat(fragment()).contains("model.id=llama-3.1-8b");
  }

  /** Beside the text stand the paddings and the arrow. */
  private static final String CUT =
      """
      () => [...document.querySelectorAll('#job select')].filter((select) => {
        if (select.offsetParent === null || select.selectedOptions.length === 0) return false;
        const style = getComputedStyle(select);
        const pen = document.createElement('canvas').getContext('2d');
        pen.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
        const text = pen.measureText(select.selectedOptions[0].label).width;
        return text + 2 * parseFloat(style.paddingLeft) + 16 > select.clientWidth;
      }).map((select) => select.selectedOptions[0].label)\
      """;

  @ParameterizedTest
  @ValueSource(ints = {360, 1024, 1440})
  void no_choice_is_cut_off(int width) {
    page.setViewportSize(width, 900);
    open(FITS);
    expect(verdict()).hasText(Pattern.compile("fits|tight"));
    settle();
    assertThat((List<?>) page.evaluate(CUT)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "Method, lora, method",
    "Activation checkpointing, none, checkpointing",
    "Optimizer, lion, optimizer.name",
    "Loss, chunked, loss",
    "Precision, fp32, precision",
    "Attention, eager, attention",
    "GPU, A100 80GB SXM4, hardware.gpu",
  })
  void a_choice_changes_the_answer(String label, String value, String key) {
    open(FITS);
    String before = sentence().textContent();
    label(label).selectOption(value);
    settle();
    waitForAddress(key + "=" + value, true);
    expect(sentence()).not().hasText(before);
  }

  @ParameterizedTest
  @CsvSource({
    "batch.sequence_length, 4096",
    "batch.micro_batch, 3",
    "lora.rank, 64",
  })
  void a_number_changes_the_memory(String key, String value) {
    open(FITS);
    String before = sentence().textContent();
    number(key).fill(value);
    number(key).press("Enter");
    settle();
    waitForAddress(key + "=" + value, true);
    expect(sentence()).not().hasText(before);
  }

  @Test
  void accumulation_and_tokens_change_the_step_and_the_run() {
    open(FITS);
    number("batch.grad_accum").fill("8");
    number("batch.grad_accum").press("Enter");
    expect(page.locator("#figures")).containsText("16,384 tokens");
    number("data.tokens").fill("2,000,000");
    number("data.tokens").press("Enter");
    expect(page.locator("#figures")).containsText("Run of 2,000,000 tokens");
    waitForAddress("data.tokens=2000000", true);
  }

  @Test
  void the_run_is_told_in_tokens_or_in_examples_and_epochs() {
    open(FITS);
    expect(number("data.examples")).isHidden();
    label("examples and epochs").check();
    waitForAddress("data.examples=10000", true);
    number("data.epochs").fill("3");
    number("data.epochs").press("Enter");
    expect(page.locator("#figures")).containsText("Run of 15,360,000 tokens");
    label("tokens").check();
    waitForAddress("data.examples", false);
    expect(number("data.tokens")).isVisible();
  }

  @ParameterizedTest
  @CsvSource({"data.tokens, 7000000", "model.id, qwen2-0.5", "framework.version, 0.12"})
  void what_is_being_typed_outlives_an_answer(String key, String typed) {
    open(FITS);
    page.locator("#more-settings").evaluate("more => more.open = true");
    number(key).fill(typed);
    label("Optimizer").selectOption("lion");
    waitForAddress("optimizer.name=lion", true);
    settle();
    assertThat(number(key).inputValue()).isEqualTo(typed);
  }

  @Test
  void framework_and_profile_are_knobs() {
    open(FITS);
    settle();
    String before = sentence().textContent();
    label("Framework").selectOption("unsloth");
    waitForAddress("framework.name=unsloth", true);
    settle();
    expect(sentence()).not().hasText(before);
    label("Where nothing is said").selectOption("bare");
    waitForAddress("profile=bare", true);
  }

  @Test
  void what_is_typed_with_a_blank_still_finds_models() {
    open(FITS);
    page.locator("[id='knob-model.id']").fill("llama 3.1");
    expect(page.locator("#model-list [role=option]").first()).containsText("llama-3.1");
  }

  @Test
  void more_gpus_take_a_strategy() {
    open(DOES_NOT_FIT + "&batch.grad_accum=1");
    number("hardware.count").fill("8");
    number("hardware.count").press("Enter");
    label("Strategy").selectOption("fsdp2");
    settle();
    waitForAddress("parallelism.strategy=fsdp2", true);
    expect(verdict()).hasText(Pattern.compile("fits|tight"));
    expect(page.locator("#legend-rows")).containsText("gathered parameters");
  }

  @Test
  void a_slider_moves_through_the_usual_values_by_arrow_keys() {
    open(FITS + "&batch.sequence_length=2048");
    Locator slider = label("Sequence length, usual values");
    slider.focus();
    page.keyboard().press("ArrowRight");
    waitForAddress("batch.sequence_length=4096", true);
    expect(slider).hasAttribute("aria-valuetext", "4,096 tokens");
    settle();
    page.keyboard().press("Home");
    waitForAddress("batch.sequence_length=256", true);
  }

  @Test
  void a_knob_says_where_its_value_is_from_until_it_is_turned() {
    open(FITS);
    expect(label("Optimizer").locator("option:checked"))
        .hasText("paged-adamw-8bit (as most people train)");
    label("Optimizer").selectOption("lion");
    settle();
    label("Optimizer").selectOption("");
    settle();
    waitForAddress("optimizer.name", false);
    expect(label("Optimizer").locator("option:checked"))
        .hasText("paged-adamw-8bit (as most people train)");
  }

  @Test
  void a_knob_without_a_part_in_the_job_is_off() {
    open(DOES_NOT_FIT);
    expect(number("lora.rank")).isDisabled();
    label("Method").selectOption("lora");
    settle();
    expect(number("lora.rank")).isEnabled();
  }

  @Test
  void the_catalogue_is_searched_as_one_types() {
    open(FITS);
    label("Catalogue name or Hub id").fill("qwen2-0.5");
    Locator options = page.locator("#model-list [role=option]");
    expect(options.first()).containsText("qwen2-0.5b");
    expect(options.first()).containsText("494 M");
    options.first().click();
    settle();
    expect(sentence()).containsText("qwen2-0.5b needs");
  }

  @Test
  void settings_without_a_knob_are_listed_and_can_be_taken_out() {
    open(FITS + "&model.quantization.double_quant=false");
    String before = sentence().textContent();
    expect(page.locator("#other-list")).containsText("model.quantization.double_quant false");
    button("Take out model.quantization.double_quant").click();
    settle();
    waitForAddress("double_quant", false);
    expect(sentence()).not().hasText(before);
  }

  @Test
  void without_a_gpu_the_page_says_what_the_job_needs() {
    open("model.id=llama-3.1-8b&method=lora");
    expect(verdict()).hasText("no GPU chosen");
    expect(page.locator("#advice")).containsText("Choose a GPU");
    expect(page.locator("#figures")).containsText("not known");
  }

  @Test
  void without_a_model_every_view_says_why_it_is_empty() {
    open("method=lora");
    for (String view :
        new String[] {
          "#verdict-nothing", "#step-nothing", "#advice", "#market", "#plan", "#written"
        }) {
      expect(page.locator(view)).containsText("Choose a model");
    }
  }
}
