package dev.vramcast.core.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.time.rate.MatmulType;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeEstimatorTest {

  private static final double TOKENS = 512;

  /** What 100 TFLOPS come to on a card that no runs are known of. */
  private static final double REACHED = 70e12;

  /** Of so many passes, a third of what products read and write, and what each takes to start. */
  private static double beside(double passes) {
    double features = 2 * (6_656 + 11_520) * TOKENS;
    return passes * (0.35 * 2 * (features + 22_544_384) / 1000e9 + 2 * 7 * 3e-6);
  }

  @Test
  void full_training_multiplies_each_weight_three_times_a_token() {
    TimeParts parts = Times.estimate("--method full").parts();

    assertClose(parts.kernels().linear(), 2.0 * 22_544_384 * 3 / REACHED * TOKENS + beside(3));
    assertClose(parts.kernels().head(), 2.0 * 8_388_608 * 3 / REACHED * TOKENS);
  }

  @Test
  void frozen_weights_need_no_gradient_of_their_own() {
    TimeParts parts = Times.estimate("--method lora").parts();

    assertClose(parts.kernels().linear(), 2.0 * 22_544_384 * 2 / REACHED * TOKENS + beside(2));
    assertClose(parts.kernels().head(), 2.0 * 8_388_608 * 2 / REACHED * TOKENS);
    assertThat(parts.kernels().dequantisation()).isZero();
  }

  @Test
  void checkpointing_runs_the_layers_forward_again_but_not_the_head() {
    TimeParts parts = Times.estimate("--method full --checkpointing full").parts();

    assertClose(
        parts.kernels().linear(),
        2.0 * 22_544_384 * (3 + 0.85) / REACHED * TOKENS + beside(3 + 0.85));
    assertClose(parts.kernels().head(), 2.0 * 8_388_608 * 3 / REACHED * TOKENS);
  }

  @Test
  void attention_is_causal_and_its_backward_pass_takes_two_and_a_half_forward_ones() {
    TimeParts parts = Times.estimate("--method full").parts();

    double operations = 2.0 * 512 * 1024 * 2 * 3.5;
    assertClose(parts.kernels().attention(), operations / (REACHED * 0.565) * TOKENS);
  }

  @Test
  void a_quantised_base_is_unpacked_in_every_pass_of_every_micro_step() {
    TimeParts one = Times.estimate("--method qlora").parts();
    TimeParts four = Times.estimate("--method qlora --micro-batch 4").parts();

    assertClose(one.kernels().dequantisation(), 15.0 * 22_544_384 * 2 / 1000e9);
    assertThat(four.kernels().dequantisation()).isEqualTo(one.kernels().dequantisation());
  }

  @Test
  void memory_bound_work_passes_the_two_large_activations_and_all_logits() {
    TimeParts parts = Times.estimate("--method full").parts();

    double activations = 50.0 * 2 * 2 * (1024 + 2816);
    assertClose(parts.kernels().memoryBound(), (activations + 28 * 8192) / 1000e9 * TOKENS);
  }

  @Test
  void the_longer_of_computing_and_launching_hides_three_quarters_of_the_shorter() {
    TimeEstimate lora = Times.estimate("--method lora");

    double launch = 2 * 3.3e-3 * 1.5;
    Duration busy =
        lora.parts()
            .kernels()
            .linear()
            .plus(lora.parts().kernels().head())
            .plus(lora.parts().kernels().attention())
            .plus(lora.parts().kernels().memoryBound());
    assertClose(lora.parts().launch(), launch + 0.25 * Seconds.of(busy) - Seconds.of(busy));
  }

  @Test
  void an_optimizer_step_is_shared_by_its_micro_steps() {
    double bytes = 22.0 * 39_326_720;
    TimeEstimate one = Times.estimate("--method full --optimizer-implementation fused");
    TimeEstimate eight =
        Times.estimate("--method full --optimizer-implementation fused --grad-accum 8");

    assertClose(one.parts().optimizer(), bytes / 1000e9);
    assertThat(eight.parts().optimizer()).isEqualTo(one.parts().optimizer());
    assertThat(eight.tokensPerSecond()).isGreaterThan(one.tokensPerSecond());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--method full",
        "--method qlora --checkpointing full",
        "--method full --gpu-count 8 --strategy fsdp2",
        "--method full --gpu-count 16 --strategy megatron --tensor 2 --pipeline 2 --shard 4",
        "--method full --grad-accum 4 --micro-batch 2",
      })
  void parts_sum_to_the_step_and_the_step_to_the_speed(String flags) {
    TimeEstimate time = Times.estimate(flags.replace("--gpu-count", "--count"));

    TimeParts p = time.parts();
    Duration sum =
        Stream.of(
                p.kernels().linear(),
                p.kernels().head(),
                p.kernels().attention(),
                p.kernels().memoryBound(),
                p.kernels().dequantisation(),
                p.kernels().tower(),
                p.launch(),
                p.communication(),
                p.optimizer(),
                p.experts(),
                p.parallelism())
            .reduce(Duration.ZERO, Duration::plus);
    assertThat(sum).isCloseTo(time.step(), Duration.ofNanos(10));
    assertThat(time.tokensPerStep() / time.tokensPerSecond())
        .isCloseTo(Seconds.of(time.step()), within(1e-8));
  }

  @Test
  void utilisation_counts_what_the_model_needs_without_recomputation() {
    TimeEstimate time = Times.estimate("--method full --checkpointing full");

    double operations = 6.0 * (22_544_384 + 8_388_608) + 3 * 2.0 * 512 * 1024 * 2;
    assertThat(time.throughput().modelFlopsUtilization())
        .isCloseTo(operations * time.tokensPerSecond() / 100e12, withinPercentage(1e-6));
  }

  @Test
  void fp8_doubles_the_peak_of_layers_and_leaves_the_head() {
    TimeParts half = Times.estimate("--method full").parts();
    TimeParts fp8 =
        TimeEstimator.estimate(
                Times.llama(), Times.job("--method full"), Times.card(), MatmulType.FP8)
            .parts();

    double products = Seconds.of(half.kernels().linear()) - beside(3);
    assertClose(fp8.kernels().linear(), products / 2 / 0.96 / 0.8 + beside(3));
    assertThat(fp8.kernels().head()).isEqualTo(half.kernels().head());
  }

  @Test
  void a_card_without_rates_is_refused_by_name() {
    Gpu card = Times.card();
    Gpu unknown = Cards.card("Y2", "9.0", card.memory(), "NVLink");

    assertThat(TimeEstimator.knows(card)).isTrue();
    assertThat(TimeEstimator.knows(unknown)).isFalse();
    assertThatThrownBy(() -> Times.estimate(Times.llama(), unknown, "--method lora"))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "the memory bandwidth or the bf16 rate of 'Y2' is not known, "
                + "so its time cannot be estimated");
  }

  @Test
  void nvfp4_runs_on_blackwell_only() {
    Gpu hopper = Times.card("H100", "9.0", 989, 3350, "NVLink");
    Gpu blackwell = Times.card("B200", "10.0", 2250, 8000, "NVLink");

    assertThat(MatmulType.NVFP4.runsOn(blackwell)).isTrue();
    assertThat(MatmulType.FP8.runsOn(hopper)).isTrue();
    assertThatThrownBy(
            () ->
                TimeEstimator.estimate(
                    Times.llama(), Times.job("--method full"), hopper, MatmulType.NVFP4))
        .isInstanceOf(InputException.class)
        .hasMessage("'H100' has no nvfp4 rate");
  }

  private static void assertClose(Duration actual, double seconds) {
    assertThat(Seconds.of(actual)).isCloseTo(seconds, within(2e-9));
  }
}
