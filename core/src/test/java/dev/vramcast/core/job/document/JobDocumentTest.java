package dev.vramcast.core.job.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.QuantizationScheme;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobDocumentTest {

  private static final JobDocument FILE =
      JobDocument.empty()
          .with(JobKey.LORA_RANK, 8, Place.of("job.yaml", 3))
          .with(JobKey.METHOD, "lora", Place.of("job.yaml", 1));

  @Test
  void a_misspelt_name_of_an_optimizer_is_compared_with_those_of_training_files_too() {
    assertThatThrownBy(() -> JobDocument.empty().withFlag(JobKey.OPTIMIZER_NAME, "adamw_trch"))
        .hasMessageContaining("Did you mean 'adamw_torch'?");
  }

  @ParameterizedTest
  @CsvSource({
    "simpo, CPO, simpo",
    "ipo, DPO, ipo",
    "Dr_GRPO, GRPO, dr_grpo",
    "gkd, DISTILLATION, gkd",
  })
  void a_stage_is_called_by_its_loss_too(String word, Stage stage, String loss) {
    JobDocument document = JobDocument.empty().withFlag(JobKey.STAGE, word);
    assertThat(document.value(JobKey.STAGE, Stage.class)).contains(stage);
    assertThat(document.entry(JobKey.LOSS_TYPE).orElseThrow().value()).isEqualTo(List.of(loss));
  }

  @Test
  void a_stage_is_called_by_the_word_of_training_files_too() {
    JobDocument document = JobDocument.empty().with(JobKey.STAGE, "rm", Place.of("job.yaml", 2));
    assertThat(document.value(JobKey.STAGE, Stage.class)).contains(Stage.REWARD);
    assertThat(document.has(JobKey.LOSS_TYPE)).isFalse();
    assertThatThrownBy(() -> JobDocument.empty().withFlag(JobKey.STAGE, "rlhf"))
        .hasMessageContaining("may be any of 'ppo', 'grpo', 'rloo', 'dpo'");
  }

  @Test
  void flags_win_over_the_file_and_keep_their_origin() {
    JobDocument merged = FILE.with(JobDocument.empty().withFlag(JobKey.LORA_RANK, "64"));
    assertThat(merged.value(JobKey.LORA_RANK, Integer.class)).contains(64);
    assertThat(merged.entry(JobKey.LORA_RANK).orElseThrow().place().text()).isEqualTo("--rank");
    assertThat(merged.entry(JobKey.METHOD).orElseThrow().place().text()).isEqualTo("job.yaml:1");
    assertThat(FILE.value(JobKey.LORA_RANK, Integer.class)).contains(8);
  }

  @Test
  void a_map_has_sections_and_plain_values() {
    JobDocument document =
        FILE.with(JobKey.LORA_ALPHA, 32, Place.of("here"))
            .with(JobKey.QUANTIZATION_SCHEME, QuantizationScheme.NF4, Place.of("here"))
            .with(JobKey.OFFLOAD, List.of(OffloadTarget.OPTIMIZER), Place.of("here"));
    assertThat(document.toMap())
        .isEqualTo(
            Map.of(
                "model", Map.of("quantization", Map.of("scheme", "nf4")),
                "method", "lora",
                "lora", Map.of("rank", 8, "alpha", 32L),
                "parallelism", Map.of("offload", List.of("optimizer"))));
  }

  @Test
  void what_is_absent_is_empty() {
    assertThat(FILE.has(JobKey.GPU)).isFalse();
    assertThat(FILE.text(JobKey.GPU)).isEmpty();
    assertThat(FILE.modelConfig()).isEmpty();
    assertThat(FILE.with(JobKey.MODEL_CONFIG, "a.json", Place.of("here")).modelConfig()).isEmpty();
    assertThat(FILE.with(JobKey.MODEL_CONFIG, Map.of("a", 1), Place.of("here")).modelConfig())
        .contains(Map.of("a", 1));
  }

  @Test
  void without_keys_their_remarks_go_too_and_others_stay() {
    JobDocument document =
        FILE.with(
                new JobDocument.Remark(Optional.of(JobKey.GPU_COUNT), Notice.of("one is assumed")))
            .with(new JobDocument.Remark(Optional.empty(), Notice.of("line 2 does nothing")));

    JobDocument left = document.without(List.of(JobKey.LORA_RANK, JobKey.GPU_COUNT));

    assertThat(left.has(JobKey.LORA_RANK)).isFalse();
    assertThat(left.has(JobKey.METHOD)).isTrue();
    assertThat(left.remarks())
        .extracting(JobDocument.Remark::notice)
        .containsExactly(Notice.of("line 2 does nothing"));
  }

  @Test
  void entries_cannot_be_changed() {
    assertThatThrownBy(() -> FILE.entries().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
