package dev.vramcast.formats.training.registry;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of settings of people's own programs, some of whose keys frameworks have as well. */
class OwnSettingsTest {

  /** Each has keys by which files of LitGPT, Axolotl or TRL are known. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        """
        model_name: Qwen/Qwen2.5-7B-Instruct
        quantization: {load_in_4bit: true}
        lora: {r: 16, lora_alpha: 32}
        train: {per_device_train_batch_size: 4, max_seq_length: 4096, num_train_epochs: 2}
        """,
        """
        model_name: meta-llama/Meta-Llama-3-8B-Instruct
        max_new_tokens: 256
        batch_size: 16
        actor: {device: "cuda:0", lora: {r: 8, alpha: 32}}
        critic: {device: "cuda:1", lora: {r: 8, alpha: 32}}
        """,
        """
        model_name_or_path: Qwen/Qwen2.5-7B
        max_length: 1024
        peft_config: {r: 8, lora_alpha: 16}
        """,
      })
  void sections_that_only_a_program_gives_meaning_are_of_no_framework(String text) {
    assertThatThrownBy(() -> of("job.yaml", text))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("arguments of the Trainer or of adapters in sections of its own");
  }

  @Test
  void a_job_document_is_none() {
    String job = "model: {id: Qwen/Qwen2.5-7B}\nmethod: lora\nlora: {rank: 32, alpha: 16}\n";

    assertThat(OwnSettings.areIn(TrainingText.of(job, "job.yaml"))).isFalse();
  }

  @Test
  void a_base_model_beside_arguments_of_the_trainer_is_no_file_of_axolotl() {
    Reading reading =
        of(
            "sft.yaml",
            """
            base_model: Qwen/Qwen2.5-Coder-7B-Instruct
            load_in_4bit: true
            lora_r: 16
            lora_alpha: 32
            lora_dropout: 0.05
            target_modules: [q_proj, v_proj]
            max_seq_length: 2048
            output_dir: out
            num_train_epochs: 1
            per_device_train_batch_size: 2
            gradient_accumulation_steps: 8
            learning_rate: 0.0002
            bf16: true
            """);

    assertThat(reading.format()).isEqualTo(FormatName.TRL);
    assertThat(values(reading))
        .containsEntry("model.id", "Qwen/Qwen2.5-Coder-7B-Instruct")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("batch.sequence_length", 2048);
  }

  @Test
  void unsloth_s_checkpoints_tell_whose_program_the_settings_are_of() {
    Reading reading =
        of(
            "sft.yaml",
            """
            model_name: Qwen/Qwen3-4B
            load_in_4bit: true
            lora_r: 16
            max_seq_length: 2048
            gradient_checkpointing: unsloth
            """);

    assertThat(reading.document().text(JobKey.FRAMEWORK_NAME)).contains("unsloth");
    assertThat(values(reading))
        .containsEntry("checkpointing", "offloaded")
        .containsEntry("method", "qlora")
        .doesNotContainKey("framework.version");
  }

  @Test
  void tags_of_yaml_itself_are_read() {
    assertThat(
            values(
                of(
                    "sft.yaml",
                    """
                    model_name_or_path: Qwen/Qwen2.5-7B
                    stage: sft
                    finetuning_type: lora
                    template: qwen
                    learning_rate: !!float 1e-4
                    per_device_train_batch_size: !!int 2
                    flash_attn: !!str fa2
                    """)))
        .containsEntry("batch.micro_batch", 2)
        .containsEntry("attention", "flash");
  }

  @Test
  void a_file_of_nanotron_is_said_to_be_one() {
    String text =
        "checkpoints: {checkpoint_interval: 10}\ngeneral: {project: a, run: b}\n"
            + "model: {model_config: {hidden_size: 16}}\noptimizer: {zero_stage: 0}\n"
            + "parallelism: {dp: 2, tp: 2}\ntokens: {micro_batch_size: 2}\n";

    assertThatThrownBy(() -> of("tiny.yaml", text))
        .hasMessageContaining("tiny.yaml: is of nanotron, which no reader knows");
    assertThatThrownBy(() -> of("tiny.yaml", text.replace("general", "other")))
        .hasMessageContaining("is of no known format");
  }
}
