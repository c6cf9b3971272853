package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Files that leave it to their command what is trained for. */
class UnnamedStageTest {

  private static final String FILE = "model: Qwen/Qwen3-14B\ntrain_type: lora\nlora_rank: 64\n";

  @ParameterizedTest
  @CsvSource({
    "reward_funcs: [accuracy], grpo",
    "num_generations: 8, grpo",
    "beta: 0.1, dpo",
    "desirable_weight: 1.0, kto",
  })
  void an_argument_of_one_stage_alone_tells_it_which_is_said(String line, String stage) {
    Reading reading = of("a.yaml", FILE + line + "\n");

    assertThat(value(reading, JobKey.STAGE)).isEqualTo(stage);
    assertThat(reading.findings())
        .anyMatch(found -> found.message().toString().contains("rlhf_type is missing"));
  }

  @Test
  void a_file_of_none_is_supervised() {
    assertThat(value(of("a.yaml", FILE), JobKey.STAGE)).isNull();
  }
}
