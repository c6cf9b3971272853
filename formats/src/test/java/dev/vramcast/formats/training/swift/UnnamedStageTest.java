package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.value;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that leave it to their command what is trained for. */
class UnnamedStageTest {

  private static final String FILE = "model: Qwen/Qwen3-14B\ntrain_type: lora\nlora_rank: 64\n";

  @ParameterizedTest
  @CsvSource({
    "reward_funcs: [accuracy], grpo",
    "num_generations: 8, grpo",
    "beta: 0.1, dpo",
    "desirable_weight: 1.0, kto",
    "max_completion_length: 512~teacher_model: a/b, gkd",
    "max_completion_length: 512~lmbda: 0.5~seq_kd: true, gkd",
    "beta: 0.5~temperature: 0.9~sft_alpha: 0.1, gkd",
    "teacher_model: a/b~reward_funcs: [accuracy]~beta: 0.1, grpo",
    "reward_model: a/b~num_ppo_epochs: 2~kl_coef: 0.05~max_completion_length: 512, ppo",
    "ref_model: a/b~beta: 0.1~desirable_weight: 1.0, kto",
    "cpo_alpha: 1.0~simpo_gamma: 1.0~beta: 2.0, simpo",
  })
  void an_argument_of_one_stage_alone_tells_it_which_is_said(String line, String stage) {
    Reading reading = of("a.yaml", FILE + line.replace("~", "\n") + "\n");
    Reading named = of("a.yaml", FILE + "rlhf_type: " + stage + "\n");

    assertThat(value(reading, JobKey.STAGE)).isEqualTo(value(named, JobKey.STAGE)).isNotNull();
    assertThat(reading.findings())
        .anyMatch(found -> found.message().toString().contains("rlhf_type is missing"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"max_completion_length: 512", "reward_model: a/b~beta: 0.04"})
  void an_argument_of_several_stages_tells_none_and_is_no_supervised_one(String line) {
    Reading reading = of("a.yaml", FILE + line.replace("~", "\n") + "\n");

    assertThat(value(reading, JobKey.STAGE)).isNull();
    assertThat(keys(reading, FindingCode.UNREADABLE_VALUE)).contains("objective.stage");
  }

  @Test
  void a_file_of_none_is_supervised() {
    assertThat(value(of("a.yaml", FILE), JobKey.STAGE)).isNull();
  }
}
