package dev.vramcast.formats.training.trl.others;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Files of arguments of Firefly, which have names of LLaMA-Factory's and of TRL's. */
class FireflyTest {

  private static final String FILE =
      """
      {"output_dir": "out", "model_name_or_path": "Qwen/Qwen2.5-7B", "train_file": "a.jsonl",
       "template_name": "qwen", %s "per_device_train_batch_size": 2, "max_seq_length": 768,
       "gradient_accumulation_steps": 4, "gradient_checkpointing": true, "%s": true,
       "lora_rank": 24, "lora_alpha": 12, "optim": "paged_adamw_32bit"}
      """;

  private static Map<String, Object> values(String mode, String precision) {
    return Readings.values(Readings.of("a.json", FILE.formatted(mode, precision)));
  }

  @Test
  void without_a_mode_adapters_stand_on_a_base_in_4_bits() {
    assertThat(values("", "fp16"))
        .containsEntry("model.dtype", "fp16")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("model.quantization.double_quant", true)
        .containsEntry("method", "qlora")
        .containsEntry("lora.rank", 24)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("lora.kbit_prepare", true)
        .containsEntry("batch.sequence_length", 768)
        .containsEntry("precision", "fp16-mixed");
  }

  @Test
  void the_mode_tells_whether_the_base_is_quantised_or_trained() {
    assertThat(values("\"train_mode\": \"lora\",", "bf16"))
        .containsEntry("method", "lora")
        .containsEntry("model.dtype", "bf16")
        .doesNotContainKey("model.quantization.scheme");
    assertThat(values("\"train_mode\": \"full\",", "bf16"))
        .containsEntry("method", "full")
        .doesNotContainKey("lora.rank");
  }

  @Test
  void a_task_of_preferences_is_that_of_trl_and_one_of_whole_texts_packs_them() {
    assertThat(values("\"task_type\": \"dpo\", \"max_prompt_length\": 300,", "bf16"))
        .containsEntry("objective.stage", "dpo")
        .containsEntry("lora.kbit_prepare", false);
    assertThat(values("\"task_type\": \"pretrain\",", "bf16"))
        .containsEntry("batch.padding", "packed");
  }

  @Test
  void its_command_names_the_file() {
    Reading reading =
        TrainingFiles.read(
            List.of(
                TrainingText.of(
                    "torchrun --nproc_per_node=2 train.py --train_args_file args/a.json", "r.sh")),
            Optional.empty(),
            path ->
                Optional.of(FILE.formatted("", "bf16"))
                    .filter(text -> path.equals("args/a.json"))
                    .map(text -> TrainingText.of(text, path)));
    assertThat(Readings.values(reading))
        .containsEntry("hardware.count", 2)
        .containsEntry("method", "qlora");
  }

  @Test
  void a_file_without_dropout_has_that_of_its_program() {
    String file =
        """
        {"model_name_or_path": "Qwen/Qwen2.5-7B", "train_file": "d.jsonl",
         "template_name": "qwen", "max_seq_length": 1024, "per_device_train_batch_size": 1,
         "lora_rank": 64, "fp16": true}
        """;
    Reading reading = Readings.of("a.json", file);
    assertThat(reading.unreadable()).isEmpty();
    assertThat(reading.under(JobDocument.empty()).entry(JobKey.LORA_DROPOUT))
        .hasValueSatisfying(entry -> assertThat(entry.value()).hasToString("0.05"));
  }

  @Test
  void preferences_are_told_by_the_task_and_have_the_length_that_is_told() {
    String task = "\"task_type\": \"dpo\",";
    Reading reading = Readings.of("a.json", FILE.formatted(task, "bf16"));
    assertThat(Readings.values(reading))
        .containsEntry("objective.stage", "dpo")
        .containsEntry("batch.sequence_length", 768)
        .doesNotContainKey("framework.version");
    assertThat(reading.document().place(JobKey.STAGE))
        .contains(new Place.Line("a.json", 2, 27, "task_type"));
  }
}
