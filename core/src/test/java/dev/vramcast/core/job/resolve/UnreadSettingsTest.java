package dev.vramcast.core.job.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.job.rule.Provenance;
import org.junit.jupiter.api.Test;

class UnreadSettingsTest {

  private static final String TRL =
      "--sequence-length 512 --framework trl --framework-version 1.0 --model-dtype bf16"
          + " --precision bf16-mixed --checkpointing full --stage ";

  @Test
  void values_are_those_that_run_where_a_loop_of_its_own_does_not_read_them() {
    Resolution ppo = Jobs.resolve(TRL + "ppo");

    assertThat(ppo.value(JobKey.PRECISION))
        .hasValueSatisfying(
            value -> {
              assertThat(value.value()).isEqualTo(ppo.job().precision());
              assertThat(value.value()).isNotEqualTo(Precision.BF16_MIXED);
              assertThat(value.provenance()).isEqualTo(Provenance.DERIVED);
            });
    assertThat(ppo.value(JobKey.CHECKPOINTING))
        .hasValueSatisfying(value -> assertThat(value.value()).isEqualTo(Checkpointing.NONE));
  }

  @Test
  void of_other_stages_they_are_those_that_are_said() {
    Resolution sft = Jobs.resolve(TRL + "sft");

    assertThat(sft.value(JobKey.PRECISION))
        .hasValueSatisfying(value -> assertThat(value.value()).isEqualTo(Precision.BF16_MIXED));
    assertThat(sft.value(JobKey.CHECKPOINTING))
        .hasValueSatisfying(value -> assertThat(value.value()).isEqualTo(Checkpointing.FULL));
  }
}
