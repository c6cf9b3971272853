package dev.vramcast.browser;

import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A job that no figure is made of: the verdict in the words of the command line, and no number. */
class NotModelledTest extends PageTest {

  @Test
  void the_page_says_what_is_not_modelled_and_shows_no_number() {
    open("model.id=gpt2&hardware.gpu=L4&objective.stage=masked-lm");
    expect(verdict()).hasText("not modelled");
    expect(sentence()).hasText("objective.stage masked-lm of a gpt2 is not modelled yet.");
    expect(page.locator("#verdict-figures")).isHidden();
    for (String view : List.of("#step-nothing", "#advice", "#market", "#plan")) {
      expect(page.locator(view)).hasText(Pattern.compile(".*is not modelled yet.*"));
    }
    expect(page.locator("#strip-word")).hasText("not modelled");
  }

  @Test
  void an_engine_without_room_is_a_verdict() {
    open(
        "model.id=qwen3-32b&hardware.gpu=RTX 4090&objective.stage=grpo"
            + "&generation.engine=vllm-colocate");
    expect(verdict()).hasText("does not fit");
    expect(sentence()).containsText("does not start");
    expect(page.locator("#verdict-figures")).isHidden();
  }

  @Test
  void a_job_that_is_modelled_brings_the_numbers_back() {
    open("model.id=gpt2&hardware.gpu=L4&objective.stage=masked-lm");
    expect(verdict()).hasText("not modelled");
    open("model.id=gpt2&hardware.gpu=L4");
    expect(verdict()).hasText("fits");
    expect(page.locator("#verdict-figures")).isVisible();
  }
}
