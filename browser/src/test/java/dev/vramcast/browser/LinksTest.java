package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The whole state is in the address. */
class LinksTest extends PageTest {

  @Test
  void a_shared_link_reproduces_the_state_files_included() {
    open(FITS);
    drop("axolotl.yml", "base_model: Qwen/Qwen2.5-0.5B\nadapter: lora\nlora_r: 8\n");
    settle();
    label("Loss").selectOption("chunked");
    label("Deadline").fill("12h");
    label("Deadline").press("Enter");
    label("lora").check();
    label("keep all that is set").check();
    label("Format").selectOption("trl");
    waitForAddress("to=trl", true);
    settle();
    String sentence = sentence().textContent();
    String link = page.url();

    page = newPage();
    page.navigate(link);
    settle();
    expect(sentence()).hasText(sentence);
    expect(label("Loss")).hasValue("chunked");
    expect(label("Deadline")).hasValue("12h");
    expect(label("lora")).isChecked();
    expect(label("keep all that is set")).isChecked();
    expect(label("Format")).hasValue("trl");
    expect(page.locator("#file-list")).containsText("axolotl.yml");
    assertThat(page.url()).isEqualTo(link);
  }

  @Test
  void the_back_button_takes_back_the_last_change() {
    open(FITS);
    String first = sentence().textContent();
    label("Method").selectOption("lora");
    waitForAddress("method=lora", true);
    settle();
    label("Loss").selectOption("chunked");
    waitForAddress("loss=chunked", true);
    settle();
    page.goBack();
    waitForAddress("loss=chunked", false);
    expect(label("Method")).hasValue("lora");
    settle();
    page.goBack();
    expect(label("Method")).hasValue("qlora");
    settle();
    expect(sentence()).hasText(first);
    page.goForward();
    expect(label("Method")).hasValue("lora");
  }

  @Test
  void a_drag_of_a_slider_is_one_step_back() {
    open(FITS + "&batch.sequence_length=2048");
    label("Sequence length, usual values").focus();
    for (int press = 0; press < 4; press++) {
      page.keyboard().press("ArrowRight");
    }
    waitForAddress("batch.sequence_length=32768", true);
    page.goBack();
    waitForAddress("batch.sequence_length=2048", true);
  }

  @Test
  void what_an_address_says_wrongly_is_told_and_the_rest_is_taken() {
    open(FITS + "&lora.rnak=8&packed=zzz");
    expect(page.locator("#messages")).containsText("'lora.rnak'");
    expect(page.locator("#messages")).containsText("damaged");
    expect(verdict()).hasText("fits");
  }

  @Test
  void a_file_too_large_for_an_address_is_said_to_be_left_out() {
    open(FITS);
    StringBuilder text = new StringBuilder("base_model: Qwen/Qwen2.5-0.5B\nadapter: lora\n");
    java.util.Random random = new java.util.Random(7);
    for (int line = 0; line < 2000; line++) {
      text.append("# ").append(Long.toHexString(random.nextLong())).append('\n');
    }
    drop("long.yml", text.toString());
    expect(page.locator("#messages")).containsText("does not hold long.yml");
    settle();
    expect(sentence()).containsText("qwen2.5-0.5b");
    waitForAddress("left_out=1", true);
    assertThat(page.url().length()).isLessThan(500);
  }
}
