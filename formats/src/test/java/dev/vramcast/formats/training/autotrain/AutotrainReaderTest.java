package dev.vramcast.formats.training.autotrain;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.sample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import java.util.List;
import org.junit.jupiter.api.Test;

class AutotrainReaderTest {

  private static final String SFT = "autotrain/sft.yaml";

  @Test
  void a_file_with_base_model_is_not_taken_for_axolotls() {
    Reading reading = ofSample(SFT);

    assertThat(reading.format()).isEqualTo(FormatName.AUTOTRAIN);
    assertThat(values(reading))
        .containsEntry("model.id", "meta-llama/Meta-Llama-3-8B-Instruct")
        .containsEntry("model.dtype", "fp16")
        .containsEntry("method", "qlora")
        .containsEntry("model.quantization.scheme", "nf4")
        .containsEntry("lora.rank", 16)
        .containsEntry("lora.targets", List.of("all-linear"))
        .containsEntry("batch.micro_batch", 1)
        .containsEntry("batch.grad_accum", 8)
        .containsEntry("batch.sequence_length", 2048)
        .containsEntry("batch.padding", "packed")
        .containsEntry("optimizer.name", "paged-adamw-8bit")
        .containsEntry("precision", "bf16-mixed")
        .containsEntry("checkpointing", "full");
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
  }

  @Test
  void quantization_does_nothing_without_adapters() {
    String yaml = sample(SFT).replace("peft: true", "peft: false");

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("method", "full")
        .containsEntry("model.dtype", "fp32")
        .doesNotContainKey("model.quantization.scheme");
  }

  @Test
  void classes_of_texts_are_the_trainers_of_transformers() {
    String yaml =
        """
        task: text-classification
        base_model: answerdotai/ModernBERT-base
        params:
          max_seq_length: 512
          batch_size: 32
          optimizer: adamw_torch
          mixed_precision: bf16
        """;

    assertThat(values(of("a.yaml", yaml)))
        .containsEntry("objective.stage", "classification")
        .containsEntry("method", "full")
        .containsEntry("model.dtype", "fp32")
        .containsEntry("precision", "bf16-mixed")
        .containsEntry("batch.micro_batch", 32)
        .containsEntry("batch.grad_accum", 1)
        .containsEntry("batch.sequence_length", 512)
        .doesNotContainKey("checkpointing");
    assertThat(values(of("a.yaml", yaml.replace("  max_seq_length: 512\n", ""))))
        .containsEntry("batch.sequence_length", 128);
  }

  @Test
  void the_task_names_the_stage() {
    String yaml = sample(SFT).replace("llm-sft", "llm-orpo");

    assertThat(values(of("a.yaml", yaml))).containsEntry("objective.stage", "orpo");
  }

  @Test
  void tasks_that_train_no_language_model_are_not_modelled() {
    String yaml = sample(SFT).replace("llm-sft", "image-classification");

    assertThatThrownBy(() -> of("a.yaml", yaml).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class);
  }
}
