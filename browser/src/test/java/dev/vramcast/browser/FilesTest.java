package dev.vramcast.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.FilePayload;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Training files and a config.json that are dropped, chosen or pasted. */
class FilesTest extends PageTest {

  private static final String AXOLOTL =
      """
      base_model: Qwen/Qwen2.5-0.5B
      adapter: lora
      lora_r: 32
      lora_alpha: 64
      lora_target_linear: true
      sequence_len: 4096
      micro_batch_size: 2
      gradient_acumulation_steps: 2
      gradient_checkpointing: true
      """;

  private static final String CONFIG =
      """
      {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "hidden_size": 1024,
       "intermediate_size": 4096, "num_hidden_layers": 12, "num_attention_heads": 16,
       "num_key_value_heads": 16, "vocab_size": 32000, "max_position_embeddings": 4096,
       "rms_norm_eps": 1e-5, "tie_word_embeddings": false}
      """;

  @Test
  void a_dropped_training_file_becomes_the_job_and_is_linted() {
    open(FITS);
    drop("axolotl.yml", AXOLOTL);
    expect(page.locator("#findings")).containsText("line 8");
    expect(page.locator("#findings")).containsText("Did you mean 'gradient_accumulation_steps'?");
    settle();
    expect(sentence()).containsText("qwen2.5-0.5b needs");
    expect(page.locator("[id='knob-lora.rank']")).hasAttribute("placeholder", "32");
    expect(label("Method").locator("option:checked")).containsText("axolotl.yml:2");
    waitForAddress("packed=", true);
  }

  @Test
  void a_knob_wins_over_the_file_and_the_file_can_be_taken_out() {
    open(FITS);
    drop("axolotl.yml", AXOLOTL);
    settle();
    label("Method").selectOption("qlora");
    settle();
    expect(sentence()).containsText("qwen2.5-0.5b");
    waitForAddress("method=qlora", true);
    button("Take out axolotl.yml").click();
    waitForAddress("packed=", false);
    settle();
    expect(page.locator("#verdict-nothing")).containsText("Choose a model");
    expect(page.locator("#lint-section")).isHidden();
  }

  @Test
  void a_dropped_config_json_becomes_the_model() {
    open(FITS);
    drop("config.json", CONFIG);
    waitForAddress("packed=", true);
    settle();
    expect(page.locator("#model-facts")).containsText("12 layers");
    expect(page.locator("#file-list")).containsText("config.json");
    waitForAddress("model.id", false);
    expect(verdict()).hasText("fits");
  }

  @Test
  void a_dropped_job_document_is_taken_with_its_own_data() {
    mayBeInTheConsole("status of 4");
    open(FITS);
    drop("job.yaml", "model: {id: qwen2.5-0.5b}\nmethod: lora\ndata: {tokens: 3000000}\n");
    expect(page.locator("#figures")).containsText("Run of 3,000,000 tokens");
    expect(sentence()).containsText("qwen2.5-0.5b needs");
    drop("job.yaml", "model: {id: qwen2.5-0.5b}\nmethod: full\n");
    expect(page.locator("#figures")).containsText("Run of 10,000,000 tokens");
    expect(page.locator("#lint-section")).isHidden();
  }

  @Test
  void files_can_be_chosen_instead() {
    open(FITS);
    FilePayload file =
        new FilePayload("a.yml", "text/yaml", AXOLOTL.getBytes(StandardCharsets.UTF_8));
    page.locator("#file-input").setInputFiles(file);
    expect(page.locator("#file-list")).containsText("a.yml");
    settle();
    expect(sentence()).containsText("qwen2.5-0.5b");
  }

  @Test
  void a_text_can_be_pasted() {
    open(FITS);
    button("paste one").click();
    page.locator("#paste-text").fill(AXOLOTL);
    button("Take it").click();
    expect(page.locator("#file-list")).containsText("pasted.yaml");
    settle();
    expect(sentence()).containsText("qwen2.5-0.5b");
    expect(page.locator("#paste")).isHidden();
  }

  @Test
  void a_file_that_is_too_large_or_no_text_is_refused_with_the_reason() {
    open(FITS);
    drop("big.yml", "a".repeat((1 << 20) + 1));
    expect(page.locator("#messages")).containsText("big.yml holds more than 1 MiB");
    drop("weights.bin", "a\0b");
    expect(page.locator("#messages")).containsText("weights.bin is no text");
    expect(verdict()).hasText("fits");
  }

  @Test
  void a_file_that_no_framework_has_is_an_error_in_one_line() {
    mayBeInTheConsole("status of 4");
    open(FITS);
    drop("notes.yml", "hello: world\n");
    expect(page.locator("#messages [data-severity=error]")).containsText("notes.yml");
    assertThat(page.locator("#messages").textContent()).doesNotContain("Exception");
  }
}
