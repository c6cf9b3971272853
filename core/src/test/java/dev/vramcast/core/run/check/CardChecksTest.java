package dev.vramcast.core.run.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Generation.Abilities;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.Vendor;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Jobs;
import dev.vramcast.core.plan.search.GpuRules;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CardChecksTest {

  private static final Gpu NEITHER = with(false, false);
  private static final Gpu WEIGHTS_ALONE = with(true, false);

  private static Gpu with(boolean quantization, boolean optimizers) {
    return Cards.with(
        Cards.card("M9", "8.0", Cards.allOf(65_536), "none"),
        Vendor.APPLE,
        new Abilities(true, false, false, false, quantization, optimizers));
  }

  private static ResolvedJob job(String flags) {
    return Jobs.resolve("--sequence-length 512 " + flags).job();
  }

  @Test
  void four_bits_of_bitsandbytes_are_refused_where_it_has_no_kernels() {
    ResolvedJob qlora = job("--method qlora --optimizer adamw");
    assertThatThrownBy(() -> CardChecks.check(qlora, NEITHER))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "model.quantization.scheme is nf4 of bitsandbytes, which has no kernels for it on M9,"
                + " allowed: none");
    assertThatCode(() -> CardChecks.check(qlora, WEIGHTS_ALONE)).doesNotThrowAnyException();
    assertThatCode(() -> CardChecks.check(job("--quantization gptq-int4 --method lora"), NEITHER))
        .doesNotThrowAnyException();
  }

  @Test
  void optimizers_of_bitsandbytes_are_refused_where_it_has_no_kernels() {
    ResolvedJob eight = job("--optimizer adamw-8bit");
    assertThatThrownBy(() -> CardChecks.check(eight, WEIGHTS_ALONE))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith("optimizer.name is adamw-8bit of bitsandbytes, which has no");
    assertThatCode(() -> CardChecks.check(job("--optimizer adamw"), NEITHER))
        .doesNotThrowAnyException();
  }

  /** axolotl scattermoe_lora/grouped_train.py _auto_backend. */
  @Test
  void packed_experts_of_marlin_need_a_card_that_runs_it() {
    ResolvedJob packed =
        job(
            "--framework axolotl --method lora --quantization nvfp4 --quantize-experts true"
                + " --quantization-implementation scattermoe-marlin");

    assertThatCode(() -> CardChecks.check(packed, of("9.0"))).doesNotThrowAnyException();
    assertThatCode(() -> CardChecks.check(packed, of("12.0"))).doesNotThrowAnyException();
    assertThatThrownBy(() -> CardChecks.check(packed, of("7.5")))
        .hasMessage(
            "model.quantization.implementation is scattermoe-marlin, but M9 has no kernels for it,"
                + " so that training fails, allowed: sonicmoe-merge-aware");
    assertThatThrownBy(() -> CardChecks.check(packed, of("10.0")))
        .hasMessageContaining("scattermoe-marlin on M9 (what DeepGEMM, which runs there, copies)");
  }

  private static Gpu of(String capability) {
    return Cards.card("M9", capability, Cards.allOf(65_536), "none");
  }

  @Test
  void what_most_people_do_takes_no_optimizer_that_the_card_cannot_run() {
    JobDocument usual = Jobs.of("--sequence-length 512 --profile recommended --method lora");
    assertThatThrownBy(() -> CardChecks.check(JobResolver.resolve(usual).job(), WEIGHTS_ALONE))
        .isInstanceOf(InputException.class);
    ResolvedJob placed = JobResolver.resolve(usual.withFound(WEIGHTS_ALONE)).job();
    assertThatCode(() -> CardChecks.check(placed, WEIGHTS_ALONE)).doesNotThrowAnyException();
  }

  /** transformer_engine/pytorch/quantization.py check_fp8_support and check_mxfp8_support. */
  @ParameterizedTest
  @CsvSource({
    "8.9, mxfp8, 'mxfp8, but card has no mxfp8, so that training fails, allowed: fp8, none'",
    "9.0, mxfp8, 'mxfp8, but card has no mxfp8, so that training fails, allowed: fp8, none'",
    "12.0, mxfp8, 'mxfp8, but card has no mxfp8, so that training fails, allowed: fp8, none'",
  })
  void narrow_products_need_a_card_that_has_them(String card, String scheme, String reason) {
    assertThatThrownBy(() -> CardChecks.check(narrow(scheme), datacenter(card)))
        .hasMessage("quantized_training.scheme is " + reason);
  }

  @ParameterizedTest
  @CsvSource({"8.9, fp8", "9.0, fp8", "12.0, fp8", "10.0, mxfp8", "10.3, mxfp8"})
  void narrow_products_run_where_there_are_kernels(String card, String scheme) {
    assertThatCode(() -> CardChecks.check(narrow(scheme), datacenter(card)))
        .doesNotThrowAnyException();
  }

  /** ROCm and Gaudi have forks; their cards multiply in fp8 all the same. */
  @ParameterizedTest
  @CsvSource({"AMD, fp8", "GOOGLE, fp8", "INTEL, mxfp8"})
  void transformer_engine_is_not_modelled_on_cards_of_others(Vendor vendor, String scheme) {
    Gpu other =
        Cards.with(datacenter("10.0"), vendor, new Abilities(true, true, true, false, true, true));

    assertThatThrownBy(() -> CardChecks.check(narrow(scheme), other))
        .isInstanceOf(UnsupportedJobException.class)
        .hasMessageContaining("implementation transformer-engine on card (what stands for");
    assertThat(GpuRules.refusal(narrow(scheme), other)).isPresent();
    assertThatCode(() -> CardChecks.check(job("--method full --quantized-training fp8"), other))
        .doesNotThrowAnyException();
  }

  private static ResolvedJob narrow(String scheme) {
    return job(
        "--method full --checkpointing none --quantized-training-implementation transformer-engine"
            + " --quantized-training "
            + scheme);
  }

  private static Gpu datacenter(String capability) {
    return Cards.card("card", capability, Cards.allOf(81_920), "none");
  }
}
