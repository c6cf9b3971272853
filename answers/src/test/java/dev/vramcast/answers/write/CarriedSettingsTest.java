package dev.vramcast.answers.write;

import static dev.vramcast.answers.write.Writes.text;
import static dev.vramcast.answers.write.Writes.write;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @Test
  void what_a_file_for_the_same_framework_keeps_is_not_called_lost() {
    FilesAnswer answer = write("axolotl.yml", AXOLOTL + "saves_per_epoch: 1\n", "axolotl");

    assertThat(text(answer)).contains("saves_per_epoch: 1");
    assertThat(answer.warnings().toString()).doesNotContain("SAVE_STRATEGY", "saving.strategy");
    FilesAnswer other =
        write(
            "axolotl.yml",
            AXOLOTL + "saves_per_epoch: 1\n",
            "axolotl",
            Map.of("saving", Map.of("strategy", "no")));
    assertThat(other.warnings().toString()).containsAnyOf("SAVE_STRATEGY", "saving.strategy");
  }

  @Test
  void more_cards_than_a_machine_holds_are_put_into_several() {
    String job = "model: {id: llama-3.1-70b}\nmethod: full\nhardware: {gpu: 'H100:16'}\n";
    FilesAnswer answer = write("job.yaml", job, "axolotl,slurm,skypilot,dstack,kubernetes");

    assertThat(answer.texts().get("slurm.sh"))
        .contains("--nodes=2", "--gpus-per-node=8")
        .doesNotContain("=16");
    assertThat(answer.texts().get("skypilot.yaml")).contains("num_nodes: 2", "H100:8");
    assertThat(text(answer)).doesNotContain(":16");
    assertThat(answer.warnings().toString()).contains("taken as ", "machines of ");
    String stated = job.replace("'H100:16'", "'H100:16', nodes: 4");
    assertThat(write("job.yaml", stated, "axolotl,slurm").texts().get("slurm.sh"))
        .contains("--nodes=4", "--gpus-per-node=4");
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
        .contains("num_train_epochs: 3", "report_to: wandb");
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

  @Test
  void what_a_file_says_of_the_job_too_is_carried_and_not_denied() {
    String file =
        AXOLOTL
            + "max_steps: 60\nsave_total_limit: 5\neval_batch_size: 2\nneftune_noise_alpha: 5\n"
            + "dataloader_num_workers: 4\n";
    for (String to : List.of("axolotl", "trl", "llama-factory", "ms-swift")) {
      FilesAnswer answer = write("axolotl.yml", file, to);

      assertThat(text(answer))
          .contains("max_steps: 60", "save_total_limit: 5", "eval_batch_size: 2")
          .contains("neftune_noise_alpha: 5", "dataloader_num_workers: 4");
      assertThat(answer.warnings().toString()).doesNotContain("cannot say");
    }
    assertThat(text(write("axolotl.yml", file, "unsloth"))).contains("max_steps=60");
    assertThat(text(write("axolotl.yml", file, "torchtune"))).contains("max_steps_per_epoch: 60");
  }

  @ParameterizedTest
  @CsvSource({
    "axolotl, eval_batch_size",
    "llama-factory, per_device_eval_batch_size",
    "ms-swift, per_device_eval_batch_size"
  })
  void what_the_job_states_stands_over_the_value_of_the_file(String to, String key) {
    String file = AXOLOTL + "eval_strategy: steps\neval_steps: 50\neval_batch_size: 2\n";
    Map<String, Object> stated = Map.of("evaluation", Map.of("micro_batch", 8));

    assertThat(text(write("axolotl.yml", file, to))).contains(key + ": 2");
    FilesAnswer answer = write("axolotl.yml", file, to, stated);
    assertThat(text(answer)).contains(key + ": 8").doesNotContain(key + ": 2");
    assertThat(answer.warnings().toString()).doesNotContain("cannot say");
  }

  @ParameterizedTest
  @CsvSource({
    "llama-factory, per_device_eval_batch_size",
    "ms-swift, per_device_eval_batch_size",
    "unsloth, per_device_eval_batch_size"
  })
  void an_evaluation_is_carried_with_the_batch_that_was_estimated(String to, String key) {
    // Axolotl evaluates in its micro-batch, others in batches of their own.
    String file =
        AXOLOTL.replace("micro_batch_size: 1", "micro_batch_size: 2")
            + "eval_strategy: steps\neval_steps: 50\n";
    FilesAnswer answer = write("axolotl.yml", file, to);

    assertThat(text(answer)).containsPattern(key + "(: |=)2");
    assertThat(answer.warnings().toString()).doesNotContain("evaluation.micro_batch 8");
  }

  @Test
  void an_evaluation_is_said_only_by_a_file_that_asks_for_one() {
    String file = AXOLOTL + "eval_steps: 50\n";

    assertThat(write("axolotl.yml", file, "axolotl").warnings().toString())
        .doesNotContain("evaluation.batches");
    assertThat(write("axolotl.yml", file, "ms-swift").warnings().toString())
        .doesNotContain("evaluation.batches");
    // eval_strategy is no where nothing is said, and eval_steps do not change it.
    assertThat(write("axolotl.yml", file, "trl").warnings().toString())
        .contains("cannot say evaluation.batches");
  }

  @Test
  void an_epoch_that_may_have_fewer_steps_than_the_job_is_said() {
    String file = AXOLOTL + "max_steps: 60\n";
    Map<String, Object> enough = Map.of("data", Map.of("steps", 60, "examples", 480));
    Map<String, Object> few = Map.of("data", Map.of("steps", 60, "examples", 479));
    String said = "max_steps_per_epoch is 60, of one epoch";

    assertThat(write("axolotl.yml", file, "torchtune").warnings().toString()).contains(said);
    assertThat(write("axolotl.yml", file, "torchtune", few).warnings().toString()).contains(said);
    assertThat(write("axolotl.yml", file, "torchtune", enough).warnings().toString())
        .doesNotContain(said);
  }

  @Test
  void parts_of_a_data_set_that_are_not_carried_are_named() {
    String parted = AXOLOTL.replace("type: sharegpt", "type: sharegpt\n    split: train[:20%]");

    FilesAnswer trl = write("axolotl.yml", parted, "trl");
    assertThat(text(trl))
        .contains("datasets:", "path: my-org/my-data", "split: \"train[:20%]\"")
        .doesNotContain("dataset_name");
    assertThat(trl.warnings().toString())
        .contains("datasets.type")
        .doesNotContain("datasets.split", "example");
    assertThat(write("axolotl.yml", parted, "ms-swift").warnings().toString())
        .contains("datasets.type", "datasets.split");
  }

  @Test
  void data_sets_that_are_files_are_kept() {
    String local =
        AXOLOTL.replace(
            "type: sharegpt", "type: sharegpt\n  - path: ./mine.jsonl\n    ds_type: json");

    FilesAnswer trl = write("axolotl.yml", local, "trl");
    assertThat(text(trl))
        .contains("path: my-org/my-data", "path: json", "data_files: \"./mine.jsonl\"")
        .doesNotContain("dataset_name");
    assertThat(trl.warnings().toString()).doesNotContain("example", "ds_type");
    assertThat(text(write("axolotl.yml", local, "ms-swift")))
        .contains("- my-org/my-data", "- \"./mine.jsonl\"");
    String alone = AXOLOTL.replace("my-org/my-data", "data/mine.parquet");
    assertThat(text(write("axolotl.yml", alone, "unsloth")))
        .contains("load_dataset(\"parquet\", data_files=\"data/mine.parquet\", split=\"train\")");
    assertThat(write("axolotl.yml", alone, "llama-factory").warnings().toString())
        .contains("own data set has no name that the framework takes");
  }

  @Test
  void a_file_beside_what_reads_it_is_the_data_set() {
    String file =
        """
        model_name_or_path: Qwen/Qwen2.5-7B-Instruct
        use_peft: true
        learning_rate: 3.0e-5
        max_length: 1024
        datasets:
          - path: json
            data_files: rows.jsonl
        """;

    FilesAnswer axolotl = write("trl.yaml", file, "axolotl");
    assertThat(text(axolotl)).contains("path: rows.jsonl", "ds_type: json");
    assertThat(axolotl.warnings().toString()).doesNotContain("example");
  }

  @Test
  void a_data_set_that_is_not_on_the_hub_is_not_said_to_be_missing() {
    String file =
        """
        model_name_or_path: Qwen/Qwen2.5-7B-Instruct
        stage: sft
        finetuning_type: lora
        dataset: identity,alpaca_en_demo
        template: qwen
        learning_rate: 3.0e-5
        """;

    assertThat(write("train.yaml", file, "trl").warnings().toString())
        .contains(
            "own data set has no name that the framework takes, dataset_name holds an example")
        .doesNotContain("names no data set");
  }

  @Test
  void optimizer_and_data_of_litgpt_are_kept() {
    String file =
        """
        checkpoint_dir: checkpoints/meta-llama/Llama-3.2-1B
        precision: bf16-true
        lora_r: 8
        lora_query: true
        train: {global_batch_size: 12, micro_batch_size: 3, max_seq_length: 1024, max_steps: 70}
        eval: {interval: 111}
        data:
          class_path: litgpt.data.JSON
          init_args: {json_path: data/train.json, val_split_fraction: 0.03}
        optimizer:
          class_path: torch.optim.AdamW
          init_args: {lr: 0.00023, weight_decay: 0.06, betas: [0.9, 0.94]}
        """;

    assertThat(text(write("litgpt.yaml", file, "litgpt")))
        .contains("lr: 0.00023", "weight_decay: 0.06", "0.94", "json_path: data/train.json")
        .contains("max_steps: 70", "interval: 111");
    FilesAnswer other = write("litgpt.yaml", file, "axolotl");
    assertThat(text(other))
        .contains("learning_rate: 0.00023", "weight_decay: 0.06", "val_set_size: 0.03")
        .contains("eval_steps: 111", "max_steps: 70");
    assertThat(other.warnings().toString()).doesNotContain("learning rate");
  }

  /** Its scripts refuse to start with it: finetune/lora.py validate_args. */
  @Test
  void litgpt_is_not_told_to_clip() {
    assertThat(text(write("axolotl.yml", AXOLOTL + "max_grad_norm: 0.7\n", "litgpt")))
        .doesNotContain("max_norm");
  }
}
