package dev.vramcast.formats.training.primerl;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.ofSample;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.FormatName;
import dev.vramcast.formats.training.Reading;
import dev.vramcast.formats.training.Readings;
import dev.vramcast.formats.training.registry.TrainingFiles;
import dev.vramcast.formats.training.text.TrainingText;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrimeRlReaderTest {

  @Test
  void toml_is_read_key_by_key() {
    Reading reading = ofSample("primerl/rl.toml");

    assertThat(reading.format()).isEqualTo(FormatName.PRIME_RL);
    assertThat(values(reading))
        .containsEntry("model.id", "PrimeIntellect/Qwen3-1.7B-Wordle-SFT")
        .containsEntry("batch.sequence_length", 8192)
        .containsEntry("hardware.count", 2)
        .containsEntry("generation.gpus", 6)
        .containsEntry("generation.group_size", 16)
        .containsEntry("generation.tensor", 2)
        .containsEntry("generation.memory_fraction", 0.7)
        .containsEntry("objective.stage", "grpo")
        .containsEntry("objective.completion_length", 1024)
        .containsEntry("method", "lora")
        .containsEntry("lora.rank", 8)
        .containsEntry("lora.targets", List.of("q_proj", "v_proj"))
        .containsEntry("attention", "flash")
        .containsEntry("checkpointing", "full")
        .containsEntry("optimizer.name", "muon")
        .containsEntry("batch.grad_accum", 512);
    assertThat(reading.findings()).noneMatch(finding -> finding.code().isWarning());
    assertThat(reading.document().place(JobKey.LORA_RANK).orElseThrow().text())
        .startsWith("rl.toml:30");
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "5"})
  void images_that_are_no_section_are_refused(String vlm) {
    Reading reading =
        of(
            "rl.toml",
            "seq_len = 8\n[model]\nname = \"a/b\"\nvlm = "
                + vlm
                + "\n[orchestrator]\nbatch_size = 8\n[trainer]\n[inference]\n");

    assertThat(reading.unreadable().get(JobKey.FROZEN).toString()).contains("a section");
    assertThat(values(reading)).doesNotContainKey("frozen");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "'' | [towers, projectors]",
        "freeze_vision_encoder = false | []",
      })
  void an_encoder_stays_as_it_is_unless_it_is_told(String line, String frozen) {
    Reading reading =
        of(
            "rl.toml",
            "seq_len = 8\n[model]\nname = \"a/b\"\n[model.vlm]\n"
                + "vision_encoder_attr = \"model.visual\"\n"
                + line
                + "\n[orchestrator]\nbatch_size = 8\n[trainer]\n[inference]\n");

    assertThat(values(reading).get("frozen")).hasToString(frozen);
    assertThat(keys(reading, FindingCode.NOT_COUNTED)).contains("model.vlm");
    assertThat(keys(reading, FindingCode.UNKNOWN_KEY)).isEmpty();
  }

  @Test
  void settings_of_prime_rl_run_are_of_machines_that_nobody_names() {
    String hosted =
        """
        model = "Qwen/Qwen3-4B-Instruct-2507"
        max_steps = 40
        batch_size = 64
        rollouts_per_example = 4
        [sampling]
        max_tokens = 512
        [[env]]
        id = "lab/jokes"
        """;

    assertThatThrownBy(() -> of("jokes.toml", hosted).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("training by prime rl run");
  }

  @Test
  void an_algorithm_without_a_stage_is_not_modelled() {
    String toml =
        Readings.sample("primerl/rl.toml")
            .replace("[orchestrator]\n", "[orchestrator]\nalgo = { type = \"opd\" }\n");

    assertThatThrownBy(() -> of("rl.toml", toml).under(JobDocument.empty()))
        .isInstanceOf(UnsupportedJobException.class)
        .extracting(refusal -> ((UnsupportedJobException) refusal).notice().toString())
        .asString()
        .startsWith("rl.toml:15")
        .contains("stage opd (which passes");
  }

  @Test
  void what_is_no_toml_is_refused_with_its_line() {
    assertThatThrownBy(() -> of("rl.toml", "[orchestrator]\nbatch_size 8\n"))
        .hasMessageContaining("rl.toml:2");
    assertThatThrownBy(() -> of("rl.toml", "name = \"never closed\n"))
        .hasMessageContaining("rl.toml:1");
  }

  @Test
  void values_of_the_helm_chart_are_no_settings_of_a_job() {
    String values =
        """
        orchestrator: {enabled: true, command: uv run orchestrator @ orch.toml}
        inference: {gpu: {enabled: true, count: 1}}
        trainer:
          command: uv run trainer @ train.toml
          gpu: {enabled: true, count: 1}
        """;

    assertThat(TrainingFiles.formatOf(TrainingText.of(values, "values.yaml"))).isEmpty();
  }
}
