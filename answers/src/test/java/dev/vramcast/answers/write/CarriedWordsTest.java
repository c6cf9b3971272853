package dev.vramcast.answers.write;

import static dev.vramcast.answers.write.Writes.text;
import static dev.vramcast.answers.write.Writes.write;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that two frameworks say in different words, or by other keys. */
class CarriedWordsTest {

  private static final String AXOLOTL =
      """
      base_model: meta-llama/Llama-3.1-8B
      adapter: lora
      lora_r: 32
      lora_target_linear: true
      sequence_len: 2048
      micro_batch_size: 1
      gradient_accumulation_steps: 8
      num_epochs: 2
      val_set_size: 0.05
      optimizer: adamw_torch_fused
      datasets: [{path: my-org/my-data, type: chat_template}]
      """;

  private static final String SWIFT =
      """
      model: Qwen/Qwen2.5-7B-Instruct
      tuner_type: lora
      lora_rank: 16
      max_length: 2048
      adam_beta2: 0.95
      dataset: [a/one, a/two]
      """;

  private static final String LLAMA_FACTORY =
      """
      model_name_or_path: Qwen/Qwen2.5-7B-Instruct
      stage: %s
      do_train: true
      finetuning_type: lora
      lora_target: all
      dataset: my_company_data
      template: qwen
      cutoff_len: 2048
      output_dir: saves
      per_device_train_batch_size: 1
      learning_rate: 1.0e-4
      bf16: true
      """;

  @ParameterizedTest
  @CsvSource({
    "qwen_25, llama-factory, template: qwen",
    "qwen_25, ms-swift, template: qwen2_5",
    "llama3, llama-factory, template: llama3"
  })
  void a_chat_template_has_another_name_in_another_framework(
      String template, String to, String line) {
    FilesAnswer answer = write("a.yml", AXOLOTL + "chat_template: " + template + "\n", to);

    assertThat(text(answer)).containsPattern("(?m)^" + line + "$");
    assertThat(answer.warnings().toString()).doesNotContain("chat_template");
  }

  @ParameterizedTest
  @CsvSource({"jamba, llama-factory", "llama3, trl", "'-', llama-factory"})
  void one_that_the_other_has_not_is_named(String template, String to) {
    FilesAnswer answer = write("a.yml", AXOLOTL + "chat_template: \"" + template + "\"\n", to);

    assertThat(answer.warnings().toString()).contains("has no key", "chat_template");
  }

  @Test
  void the_tokenizers_own_template_needs_no_word() {
    FilesAnswer answer = write("a.yml", AXOLOTL + "chat_template: tokenizer_default\n", "trl");

    assertThat(answer.warnings().toString()).doesNotContain("chat_template");
  }

  /** By hand: of two epochs with four evaluations each every eighth part of the steps. */
  @ParameterizedTest
  @CsvSource({
    "llama-factory, 4, 'eval_strategy: steps', 'eval_steps: 0.125'",
    "llama-factory, 1, 'eval_strategy: epoch', 'eval_strategy: epoch'",
    "ms-swift, 5, 'eval_strategy: steps', 'eval_steps: 0.1'"
  })
  void evaluations_an_epoch_are_a_share_of_all_steps(
      String to, String often, String strategy, String steps) {
    FilesAnswer answer = write("a.yml", AXOLOTL + "evals_per_epoch: " + often + "\n", to);

    assertThat(text(answer)).contains(strategy, steps);
    assertThat(answer.warnings().toString()).doesNotContain("evals_per_epoch");
  }

  /** transformers/trainer.py refuses to start with a strategy and no rows for it. */
  @Test
  void a_program_splits_off_the_rows_that_it_evaluates_on() {
    String text = text(write("a.yml", AXOLOTL + "evals_per_epoch: 4\n", "unsloth"));

    assertThat(text)
        .contains("train_test_split(test_size=0.05, seed=0)", "eval_dataset=dataset[\"test\"]")
        .contains("eval_strategy='steps'".replace('\'', '"'));
  }

  @ParameterizedTest
  @CsvSource({"trl, evals_per_epoch: 4", "unsloth, 'evals_per_epoch: 4~val_set_size: 0'"})
  void evaluation_on_no_rows_is_left_out_and_named(String to, String lines) {
    String file = AXOLOTL.replace("val_set_size: 0.05\n", "") + lines.replace('~', '\n') + "\n";
    FilesAnswer answer = write("a.yml", file, to);

    assertThat(text(answer)).doesNotContain("eval_strategy", "eval_steps", "eval_dataset");
    assertThat(answer.warnings().toString())
        .contains("is not told eval_strategy", "no rows to evaluate on are named");
  }

  @Test
  void checkpoints_an_epoch_are_so_too() {
    FilesAnswer answer = write("a.yml", AXOLOTL + "saves_per_epoch: 2\n", "trl");

    assertThat(text(answer)).contains("save_strategy: steps", "save_steps: 0.25");
  }

  @ParameterizedTest
  @CsvSource({"torchtune", "litgpt"})
  void decay_rates_of_adam_are_a_pair_of_its_class(String to) {
    String file = AXOLOTL + "adam_beta2: 0.95\nadam_epsilon: 0.00001\n";

    assertThat(text(write("a.yml", file, to)))
        .containsPattern("betas:\\s+(\\[0\\.9, 0\\.95]|- 0\\.9\\s+- 0\\.95)")
        .containsPattern("eps: 0\\.00001");
  }

  @ParameterizedTest
  @CsvSource({"${B2}", "high"})
  void a_decay_rate_that_is_no_number_is_named(String rate) {
    FilesAnswer answer = write("a.yml", AXOLOTL + "adam_beta2: \"" + rate + "\"\n", "litgpt");

    assertThat(text(answer)).doesNotContain(rate);
    assertThat(answer.warnings().toString()).contains("adam_beta2");
  }

  @ParameterizedTest
  @CsvSource({"./train.jsonl", "data/more.jsonl", "data/train.parquet"})
  void files_of_examples_are_no_names_of_the_hub(String file) {
    String text = SWIFT.replace("a/two", file);

    FilesAnswer answer = write("a.yaml", text, "llama-factory");

    assertThat(text(answer)).doesNotContain(file);
    assertThat(answer.warnings().toString()).contains("dataset");
  }

  @Test
  void several_data_sets_are_carried_where_they_can_be() {
    assertThat(text(write("a.yaml", SWIFT, "axolotl")))
        .contains("path: a/one", "path: a/two", "adam_beta2: 0.95")
        .doesNotContain("tatsu-lab/alpaca");
    assertThat(text(write("a.yaml", SWIFT, "trl")))
        .contains("datasets:", "path: a/one", "path: a/two")
        .doesNotContain("dataset_name");
    assertThat(text(write("a.yaml", SWIFT, "llama-factory")))
        .contains("dataset: \"a/one,a/two\"", "dataset_dir: ONLINE");
    assertThat(write("a.yaml", SWIFT, "litgpt").warnings().toString()).contains("dataset");
  }

  /** Its folder is data/ where the file says none: llamafactory/hparams/data_args.py. */
  @ParameterizedTest
  @ValueSource(strings = {"sft", "rm", "dpo", "kto"})
  void a_data_set_of_llama_factory_stays_in_its_own_folder(String stage) {
    FilesAnswer answer = write("l.yaml", LLAMA_FACTORY.formatted(stage), "llama-factory");

    assertThat(text(answer)).contains("dataset: my_company_data").doesNotContain("dataset_dir");
    assertThat(answer.warnings().toString()).doesNotContain("dataset");
  }

  @Test
  void a_folder_that_the_file_names_is_kept() {
    String file = LLAMA_FACTORY.formatted("sft") + "dataset_dir: /data/sets\n";

    assertThat(text(write("l.yaml", file, "llama-factory")))
        .contains("dataset_dir: \"/data/sets\"");
  }

  /** llamafactory/data/loader.py: sets that are not for ranking, as the Hub's by name are. */
  @Test
  void pairs_of_the_hub_are_none_that_llama_factory_takes_by_name() {
    String file = AXOLOTL + "rl: dpo\nlearning_rate: 0.00001\n";
    FilesAnswer answer = write("a.yml", file, "llama-factory");

    assertThat(text(answer)).contains("dataset: dpo_en_demo").doesNotContain("my-org/my-data");
    assertThat(answer.warnings().toString())
        .contains("what the file says of datasets", "dataset holds an example");
  }
}
