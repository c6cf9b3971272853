package dev.vramcast.formats.training.swift;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static dev.vramcast.formats.training.Readings.values;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import dev.vramcast.formats.training.Reading;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A loss that ms-swift computes itself has whole logits, whatever Liger's kernels are asked. */
class OwnLossTest {

  private static Reading liger(String command) {
    return of(
        "run.sh", "swift " + command + " --model a/b --max_length 64 --use_liger_kernel true");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sft --loss_type cross_entropy",
        "sft --enable_dft_loss true",
        "pt --enable_channel_loss",
        "sft --loss_scale last_round+hermes",
        "sft --loss_scale react",
        "sft --label_smoothing_factor 0.1",
        "sft --sequence_parallel_size 2"
      })
  void it_takes_the_place_of_the_fused_one(String command) {
    Reading reading = liger(command);

    assertThat(values(reading)).containsKey("liger_kernels").doesNotContainKey("loss");
    assertThat(keys(reading, FindingCode.SURPRISING_DEFAULT)).contains("use_liger_kernel");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sft",
        "sft --loss_scale last_round",
        "sft --loss_scale ignore_empty_think",
        "sft --label_smoothing_factor 0 --sequence_parallel_size 1 --enable_dft_loss false",
        "rlhf --rlhf_type dpo --loss_type sigmoid"
      })
  void anything_else_leaves_it(String command) {
    assertThat(values(liger(command))).containsEntry("loss", "liger");
  }
}
