package dev.vramcast.formats.training.megatron;

import static dev.vramcast.formats.training.Readings.keys;
import static dev.vramcast.formats.training.Readings.of;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.formats.training.FindingCode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Dtypes of what Megatron's optimizer keeps, under its own command and under ms-swift's. */
class OptimizerDtypesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "megatron sft --model a/b --max_length 64 --main_grads_dtype D --exp_avg_dtype D",
        "torchrun pretrain_gpt.py --num-layers 2 --hidden-size 64 --num-attention-heads 2"
            + " --vocab-size 512 --seq-length 64 --micro-batch-size 4 --bf16"
            + " --main-grads-dtype D --exp-avg-dtype D",
      })
  void those_that_are_not_counted_are_said(String command) {
    assertThat(keys(of("run.sh", command.replace("D", "bf16")), FindingCode.NOT_COUNTED))
        .contains("main_grads_dtype", "exp_avg_dtype");
    assertThat(keys(of("run.sh", command.replace("D", "fp32")), FindingCode.NOT_COUNTED))
        .doesNotContain("main_grads_dtype", "exp_avg_dtype");
  }
}
