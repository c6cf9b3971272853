package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import org.junit.jupiter.api.Test;

/** What of encoders runs again in the backward pass. */
class EncoderCheckpointsTest {

  @Test
  void checkpoints_of_encoders_on_megatron_are_told_where_they_are_not_the_usual_ones() {
    String usual = "megatron sft --model a/b --max_length 64 --vit_gradient_checkpointing ";
    String key = "vit_gradient_checkpointing";

    assertThat(keys(of("run.sh", usual + "true"), FindingCode.NOT_COUNTED)).contains(key);
    assertThat(keys(of("run.sh", usual + "false"), FindingCode.NOT_COUNTED)).doesNotContain(key);
    assertThat(keys(of("run.sh", usual + "false --freeze_vit false"), FindingCode.NOT_COUNTED))
        .contains(key);
    assertThat(keys(of("run.sh", usual + "true --freeze_vit false"), FindingCode.NOT_COUNTED))
        .doesNotContain(key);
  }
}
