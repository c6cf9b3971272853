package dev.vramcast.formats.writers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.GenerationEngine;
import dev.vramcast.formats.write.TrainingFiles;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SwiftDistillationTest {

  private static final Place HERE = Place.of("a test");

  private static final Map<String, Object> CONFIG =
      Map.of(
          "model_type",
          "llama",
          "hidden_size",
          64,
          "intermediate_size",
          128,
          "num_hidden_layers",
          2,
          "num_attention_heads",
          4,
          "vocab_size",
          512);

  private static TrainingFiles written(JobDocument job) {
    return Selection.of("ms-swift", new Subject.Flag("--to"), Optional.empty())
        .training()
        .get(0)
        .write(Jobs.job(job).orElseThrow());
  }

  private static JobDocument job(Object teacher) {
    return JobDocument.empty()
        .with(JobKey.MODEL_ID, Jobs.MODEL, HERE)
        .with(JobKey.FRAMEWORK_NAME, "ms-swift", HERE)
        .with(JobKey.STAGE, "distillation", HERE)
        .with(JobKey.TEACHER, teacher, HERE)
        .with(JobKey.SEQUENCE_LENGTH, 1024, HERE);
  }

  private static String text(TrainingFiles files) {
    return files.files().get(0).text(List.of());
  }

  @Test
  void given_answers_are_written_as_no_share_of_generated_ones() {
    TrainingFiles files = written(job("Qwen/Qwen3-8B").with(JobKey.ENGINE, "none", HERE));

    assertThat(text(files))
        .contains("rlhf_type: gkd", "teacher_model: Qwen/Qwen3-8B", "lmbda: 0", "max_length: 1024")
        .doesNotContain("use_vllm", "max_completion_length");
    assertThat(files.start().orElseThrow().command()).contains("swift rlhf ");
  }

  @Test
  void generated_answers_are_behind_prompts_that_are_cut_alone() {
    TrainingFiles files =
        written(
            job("Qwen/Qwen3-8B")
                .with(JobKey.ENGINE, GenerationEngine.TRANSFORMERS, HERE)
                .with(JobKey.COMPLETION_LENGTH, 256, HERE));

    assertThat(text(files))
        .contains("lmbda: 1", "use_vllm: false", "max_length: 768", "max_completion_length: 256");
    assertThat(files.effective().job().batch().sequenceLength()).isEqualTo(1024);
  }

  @Test
  void a_teacher_whose_configuration_has_its_name_is_written_by_that() {
    Map<String, Object> named = new HashMap<>(CONFIG);
    named.put(ModelConfig.NAME, "Qwen/Qwen3-8B");

    assertThat(text(written(job(named).with(JobKey.ENGINE, "none", HERE))))
        .contains("teacher_model: Qwen/Qwen3-8B");
  }

  @Test
  void a_teacher_without_a_name_cannot_be_written() {
    assertThatThrownBy(() -> written(job(CONFIG)))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("objective.teacher is 'a configuration' without _name_or_path");
  }
}
