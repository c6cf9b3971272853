package dev.vramcast.formats.training.run;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What training files say about a run beside its steps. */
class RunArgumentsTest {

  private static final String AXOLOTL =
      "base_model: a/b~micro_batch_size: 1~gradient_accumulation_steps: 1~sequence_len: 8~";
  private static final String FACTORY =
      "model_name_or_path: a/b~stage: sft~finetuning_type: lora~cutoff_len: 8~template: default~";
  private static final String WHOLE =
      "model_name_or_path: a/b~stage: sft~finetuning_type: full~cutoff_len: 8~template: default~";
  private static final String TRL = "model_name_or_path: a/b~dataset_name: c/d~max_length: 8~";

  private static Map<String, Object> read(String text) {
    return values(of("a.yaml", text.replace("~", "\n")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        FACTORY + "save_steps: 100 | saving.interval_steps | 100",
        FACTORY + "save_total_limit: 3 | saving.total_limit | 3",
        FACTORY + "save_total_limit: 1~load_best_model_at_end: true | saving.total_limit | 2",
        FACTORY + "save_only_model: true | saving.only_model | true",
        FACTORY + "resume_from_checkpoint: out/checkpoint-8 | saving.resume | true",
        FACTORY + "dataloader_num_workers: 4 | data.loader_workers | 4",
        FACTORY + "torch_empty_cache_steps: 2 | allocator.empty_cache_steps | 2",
        TRL + "save_strategy: epoch | saving.strategy | epoch",
        TRL + "save_strategy: no | saving.strategy | no",
        AXOLOTL + "saves_per_epoch: 1 | saving.strategy | epoch",
        AXOLOTL + "save_steps: 50~save_total_limit: 2 | saving.interval_steps | 50",
      })
  void are_read(String text, String key, String value) {
    assertThat(read(text).get(key)).hasToString(value);
  }

  @ParameterizedTest
  @CsvSource({
    FACTORY + "save_steps: 0.1",
    FACTORY + "save_total_limit: 0",
    FACTORY + "resume_from_checkpoint: false",
    TRL + "save_strategy: best",
    AXOLOTL + "saves_per_epoch: 4",
  })
  void that_no_job_document_holds_are_left_out(String text) {
    assertThat(read(text))
        .doesNotContainKeys(
            "saving.interval_steps", "saving.total_limit", "saving.resume", "saving.strategy");
  }

  @ParameterizedTest
  @CsvSource({"FULL_STATE_DICT, full", "SHARDED_STATE_DICT, sharded"})
  void fsdp_hands_over_what_it_is_told(String type, String state) {
    String fsdp = "fsdp: full_shard~fsdp_config: {state_dict_type: %s}".formatted(type);

    assertThat(read(WHOLE + fsdp).get("saving.state_dict")).hasToString(state);
    assertThat(read(FACTORY + fsdp).get("saving.state_dict")).hasToString("adapter");
  }

  @Test
  void a_supervised_loss_is_smoothed_and_another_is_not() {
    String smoothed = "label_smoothing_factor: 0.1~neftune_noise_alpha: 5";

    assertThat(read(TRL + smoothed))
        .containsKeys("objective.label_smoothing", "objective.neftune_alpha");
    assertThat(read(TRL + "rpo_alpha: 1~" + smoothed).get("objective.stage")).isNotEqualTo("sft");
    assertThat(read(FACTORY.replace("stage: sft", "stage: dpo") + smoothed))
        .doesNotContainKey("objective.label_smoothing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compute_metrics=scores | true",
        "compute_metrics=scores, preprocess_logits_for_metrics=small |",
        "compute_metrics=None |",
      })
  void logits_are_gathered_for_metrics_unless_made_small(String arguments, String metrics) {
    String program =
        """
        from transformers import AutoModelForCausalLM, Trainer, TrainingArguments
        model = AutoModelForCausalLM.from_pretrained("a/b")
        args = TrainingArguments(output_dir="o", eval_strategy="steps")
        trainer = Trainer(model=model, args=args, %s)
        """
            .formatted(arguments);
    Object found = values(of("a.py", program)).get("evaluation.metrics");

    assertThat(found == null ? null : found.toString()).isEqualTo(metrics);
  }
}
