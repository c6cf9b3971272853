package dev.vramcast.answers.write;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.answers.operation.Asked;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CarriedSettingsTest {

  private static final String AXOLOTL =
      """
      base_model: meta-llama/Llama-3.1-8B
      adapter: lora
      lora_r: 32
      lora_target_linear: true
      sequence_len: 2048
      micro_batch_size: 1
      gradient_accumulation_steps: 8
      num_epochs: 3
      learning_rate: 7e-5
      lr_scheduler: cosine
      warmup_ratio: 0.07
      seed: 123
      val_set_size: 0.05
      save_steps: 250
      wandb_project: mine
      output_dir: ./my-run
      datasets:
        - path: my-org/my-data
          type: sharegpt
      special_tokens:
        pad_token: <pad>
      """;

  private static FilesAnswer write(String name, String text, String to) {
    WriteOperation write = new WriteOperation();
    Map<String, Object> fields =
        Map.of("files", List.of(Map.of("name", name, "text", text)), "to", to);
    return (FilesAnswer) Asked.answer(write, fields);
  }

  private static String text(FilesAnswer answer) {
    return String.join("\n", answer.texts().values());
  }

  @Test
  void a_file_for_the_same_framework_keeps_what_the_user_had() {
    FilesAnswer answer = write("axolotl.yml", AXOLOTL, "axolotl");

    assertThat(text(answer))
        .contains("learning_rate: 0.00007", "lr_scheduler: cosine", "warmup_ratio: 0.07")
        .contains("seed: 123", "val_set_size: 0.05", "save_steps: 250", "wandb_project: mine")
        .contains("my-org/my-data", "sharegpt", "my-run", "pad_token")
        .doesNotContain("tatsu-lab/alpaca");
    assertThat(answer.warnings()).noneMatch(warning -> warning.toString().contains("example"));
  }

  @Test
  void another_framework_has_it_in_its_words_and_what_it_has_no_key_for_is_named() {
    FilesAnswer answer = write("axolotl.yml", AXOLOTL, "trl");

    assertThat(text(answer))
        .contains("learning_rate: 0.00007", "lr_scheduler_type: cosine", "warmup_ratio: 0.07")
        .contains("seed: 123", "save_steps: 250", "dataset_name: my-org/my-data", "my-run")
        .contains("num_train_epochs: 3");
    assertThat(answer.warnings().toString())
        .contains("special_tokens", "wandb_project", "val_set_size")
        .doesNotContain("hold examples", "holds a usual one");
  }

  @Test
  void examples_stand_only_where_nothing_was_given() {
    String bare = AXOLOTL.replaceAll("(?m)^learning_rate.*\\n", "");
    FilesAnswer answer = write("axolotl.yml", bare, "llama-factory");

    assertThat(text(answer)).contains("dataset: my-org/my-data", "learning_rate: 0.0002");
    assertThat(answer.warnings().toString())
        .contains("names no learning rate")
        .doesNotContain("no data set");
  }
}
