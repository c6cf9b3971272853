package dev.vramcast.formats.training.trainer;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that say whether a run evaluates. */
class EvaluationsTest {

  private static final String AXOLOTL =
      "base_model: a/b~micro_batch_size: 1~gradient_accumulation_steps: 1~sequence_len: 8~";
  private static final String FACTORY =
      "model_name_or_path: a/b~stage: sft~finetuning_type: lora~cutoff_len: 8~template: default~";
  private static final String TRL = "model_name_or_path: a/b~dataset_name: c/d~max_length: 8~";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        AXOLOTL + "val_set_size: 0.05~evals_per_epoch: 4~eval_batch_size: 3 | 3",
        AXOLOTL + "test_datasets: [{path: a}]~eval_strategy: epoch | 0",
        FACTORY + "val_size: 0.1~eval_strategy: steps~per_device_eval_batch_size: 2 | 2",
        FACTORY + "val_size: 0.1~evaluation_strategy: steps | 0",
        TRL + "eval_strategy: steps | 0",
      })
  void evaluates(String text, int sequences) {
    Map<String, Object> values = values(of("a.yaml", text.replace("~", "\n")));

    assertThat(values).containsEntry("evaluation.batches", 2);
    if (sequences > 0) {
      assertThat(values).containsEntry("evaluation.micro_batch", sequences);
    } else {
      assertThat(values).doesNotContainKey("evaluation.micro_batch");
    }
  }

  @ParameterizedTest
  @CsvSource({
    AXOLOTL + "val_set_size: 0.0~eval_steps: 10",
    AXOLOTL + "val_set_size: 0.05",
    AXOLOTL + "val_set_size: 0.05~eval_strategy: no~eval_batch_size: 3",
    FACTORY + "val_size: 0.1~per_device_eval_batch_size: 2",
    FACTORY + "eval_strategy: no",
    TRL + "eval_strategy: 'no'",
  })
  void does_not(String text) {
    assertThat(values(of("a.yaml", text.replace("~", "\n"))))
        .doesNotContainKeys("evaluation.batches", "evaluation.micro_batch");
  }
}
