package dev.vramcast.cli.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.cli.CliRun;
import dev.vramcast.cli.console.ExitCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a card has no kernels for is refused alike by every command that asks about one card. */
class CardRefusalsTest {

  private static final String QLORA_ON_TPU = "--method qlora --gpu tpu-v5e ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "estimate --model llama-3.2-1b ",
        "fit --model llama-3.2-1b ",
        "max --model llama-3.2-1b --batch ",
        "max "
      })
  void four_bits_are_refused_on_a_tpu(String command) {
    CliRun run = CliRun.of((command + QLORA_ON_TPU).strip().split(" "));
    assertThat(run.code()).isEqualTo(ExitCode.BAD_INPUT);
    assertThat(run.err())
        .isEqualTo(
            "vramcast: --quantization is nf4 of bitsandbytes, which has no kernels for it on TPU"
                + " v5e, allowed: none\n");
  }

  @Test
  void a_method_that_the_card_refuses_is_left_out_beside_others() {
    CliRun run = CliRun.of("max", "--gpu", "tpu-v5e");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.out()).containsPattern("qwen2.5-0.5b .*fits +-\n");
  }
}
