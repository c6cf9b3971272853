package dev.vramcast.core.time.rate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.time.Times;
import dev.vramcast.core.time.work.ModelWork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RatesTest {

  @ParameterizedTest
  @CsvSource({
    "--framework megatron, TUNED",
    "--framework llmq, TUNED",
    "--framework ms-swift --strategy megatron --count 2, TUNED",
    "--framework torchtitan --compile true, COMPILED",
    "--framework unsloth, FUSED",
    "'--framework trl --liger-kernels rms_norm,swiglu', FUSED",
    "--framework torchtune, NATIVE",
    "--framework some-trainer --strategy megatron --count 2, EAGER",
    "--framework axolotl, EAGER",
  })
  void stacks_are_told_by_framework_and_kernels(String flags, Stack stack) {
    assertThat(Stack.of(Times.job(flags))).isEqualTo(stack);
  }

  @Test
  void hooks_of_zero_3_make_launching_slow_where_python_launches() {
    assertThat(Stack.EAGER.launchSeconds(Strategy.ZERO3, SpeedCoefficients.BEFORE))
        .isCloseTo(8.1e-3, within(1e-12));
    assertThat(Stack.EAGER.launchSeconds(Strategy.ZERO2, SpeedCoefficients.BEFORE))
        .isCloseTo(3.3e-3, within(1e-12));
    assertThat(Stack.TUNED.launchSeconds(Strategy.ZERO3, SpeedCoefficients.BEFORE))
        .isCloseTo(0.12e-3, within(1e-12));
  }

  @Test
  void matrix_units_without_bf16_leave_it_to_the_units_of_fp32() {
    Gpu turing =
        Cards.with(
            Times.card("T4", "7.5", 65, 320, "none"),
            Vendor.NVIDIA,
            new Abilities(false, false, false, false, true, true));
    Gpu ampere = Times.card("A100", "8.0", 312, 2000, "NVLink");

    assertThat(peak(turing, "--precision fp16-mixed")).isEqualTo(65e12);
    assertThat(peak(turing, "--precision bf16-mixed")).isEqualTo(65e12 / 8);
    assertThat(peak(turing, "--precision fp32")).isEqualTo(65e12 / 8);
    assertThat(peak(ampere, "--precision bf16-mixed")).isEqualTo(312e12);
    assertThat(peak(ampere, "--precision fp32")).isEqualTo(312e12 / 2);
  }

  private static double peak(Gpu gpu, String flags) {
    return Rates.of(Times.job(flags), gpu, MatmulType.PRECISION).peak();
  }

  @Test
  void attention_is_as_fast_as_its_kernel_on_a_card() {
    Gpu ampere = Times.card("A100", "8.0", 312, 2000, "NVLink");
    Gpu hopper = Times.card("H100", "9.0", 989, 3350, "NVLink");

    assertThat(attention(ampere, "")).isEqualTo(0.86);
    assertThat(attention(ampere, "--framework llmq")).isEqualTo(0.86);
    assertThat(attention(hopper, "")).isEqualTo(0.57);
    assertThat(attention(hopper, "--framework llmq")).isEqualTo(0.90);
    assertThat(attention(hopper, "--framework ms-swift --strategy megatron --count 2"))
        .isEqualTo(0.90);
    assertThat(attention(ampere, "--attention eager")).isEqualTo(0.15);
    assertThat(attention(ampere, "--framework llm-foundry")).isEqualTo(0.39);
  }

  @Test
  void attention_takes_longer_for_short_sequences_and_for_narrow_heads() {
    Rates.Attention kernel = new Rates.Attention(0.86, 500, 40);

    ModelWork wide = work(4096, 32, 32 * 128);
    assertThat(kernel.operations(wide)).isCloseTo(32.0 * 128 * (4096 + 500), within(1e-6));
    double narrow = kernel.operations(work(4096, 64, 32 * 128)) / kernel.operations(wide);
    assertThat(narrow).isCloseTo((64 + 40) / 64.0 / ((128 + 40) / 128.0), within(1e-9));
    assertThat(kernel.operations(work(512, 32, 32 * 128)) / kernel.operations(wide))
        .isCloseTo((512 + 500.0) / (4096 + 500), within(1e-9));
    assertThat(kernel.operations(work(4096, 0, 0))).isZero();
  }

  /** Of one layer. */
  private static ModelWork work(long sequence, double heads, double features) {
    ModelWork.Weights weights = new ModelWork.Weights(0, 0, 0, 0);
    ModelWork.Shapes shapes = new ModelWork.Shapes(heads, 0, 0, 0, new ModelWork.Routed(0, 0));
    return new ModelWork(1, 4096, weights, sequence * features, features, 0, 0, shapes);
  }

  @ParameterizedTest
  @CsvSource({
    "--method lora, 0",
    "--method qlora, 15",
    "--method qlora --framework unsloth, 6.5",
    "--method qlora --framework torchtune, 21",
    "--method lora --quantization gptq-int4, 21",
  })
  void unpacking_costs_what_the_kernels_of_its_library_move(String flags, double bytes) {
    assertThat(rates(Times.card(), flags, MatmulType.PRECISION).traffic().dequantised())
        .isEqualTo(bytes);
  }

  @ParameterizedTest
  @CsvSource({
    "--framework megatron, 17, 6",
    "--framework torchtune, 45, 28",
    "--framework torchtune --compile true, 17, 28",
    "--framework torchtune --loss chunked, 45, 28",
    "--framework unsloth --loss chunked, 17, 6",
    "--framework axolotl --loss full, 50, 28",
    "--framework axolotl --loss cce, 50, 6",
  })
  void fused_kernels_move_less_between_products_and_in_the_loss(
      String flags, double passes, double logit) {
    Rates.Traffic traffic = rates(Times.card(), flags, MatmulType.PRECISION).traffic();

    assertThat(traffic.passes()).isEqualTo(passes);
    assertThat(traffic.logit()).isEqualTo(logit);
  }

  @Test
  void stock_pytorch_is_slow_on_cdna_3() {
    Gpu card = Times.card("MI300X", "gfx942", 1307, 5300, "Infinity Fabric");

    assertThat(rates(card, "--framework torchtitan --compile true", MatmulType.FP8).kernels())
        .isCloseTo(1.9, within(1e-9));
    assertThat(rates(card, "--framework megatron", MatmulType.FP8).kernels()).isEqualTo(1);
  }

  @Test
  void each_type_of_products_runs_at_its_own_peak() {
    Gpu gb200 = Times.card("GB200 (per GPU)", "10.0", 2500, 8000, "NVLink");

    assertThat(rates(gb200, "", MatmulType.NVFP4).peak()).isEqualTo(10_000e12);
    assertThat(rates(gb200, "", MatmulType.NVFP4).linear())
        .isCloseTo(10_000e12 * 0.59 * 0.735, withinPercentage(1e-9));
    assertThat(rates(gb200, "", MatmulType.FP8).peak()).isEqualTo(5_000e12);
  }

  @Test
  void blackwell_is_slower_with_kernels_that_were_written_for_older_cards() {
    Gpu card = Times.card("B200", "10.0", 2250, 8000, "NVLink");

    assertThat(attention(card, "--framework trl --attention flash")).isEqualTo(0.25);
    assertThat(attention(card, "--framework trl --attention sdpa")).isEqualTo(0.57);
    assertThat(attention(card, "--framework megatron --attention flash")).isEqualTo(0.90);
    assertThat(rates(card, "--framework trl", MatmulType.PRECISION).kernels())
        .isCloseTo(1.3, within(1e-9));
  }

  @Test
  void fp32_runs_as_tf32_at_half_the_rate() {
    assertThat(rates(Times.card(), "--precision fp32", MatmulType.PRECISION).peak())
        .isEqualTo(50e12);
  }

  private static double attention(Gpu card, String flags) {
    return rates(card, flags, MatmulType.PRECISION).attention().speed();
  }

  private static Rates rates(Gpu card, String flags, MatmulType type) {
    return Rates.of(Times.job(flags), card, type);
  }
}
