package dev.vramcast.core.module.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.hardware.Cards;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.run.Estimates;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** TransformerEngine's linears in a Llama of two layers, 1024 features and 8192 words. */
class EngineLinearTest {

  private static final Architecture LLAMA = Estimates.llama(false);
  private static final String FULL = "--method full --sequence-length 512 --checkpointing none ";
  private static final String ENGINE = " --quantized-training-implementation transformer-engine ";
  private static final String FP8 = FULL + ENGINE + "--quantized-training fp8 ";
  private static final String MXFP8 = FULL + ENGINE + "--quantized-training mxfp8 ";

  /** Weights of linears, the head's among them. */
  private static final long WEIGHTS = 2 * 1024L * (1024 + 2 * 256 + 1024 + 3 * 2816) + 8192 * 1024L;

  /**
   * What they get of 512 tokens: six times the features, and what down_proj gets, in two layers.
   */
  private static final long INPUTS = 512 * (2 * (6 * 1024L + 2816) + 1024);

  /** What lies between layers and is shared by inputs in 16 bits: each once, of six. */
  private static final long SHARED = 512 * (2 * (3 * 1024L + 2816) + 1024);

  private static RankEstimate of(Architecture model, String flags) {
    return Estimates.of(model, flags);
  }

  /** With nothing of 16 bits gone but what linears alone kept: attention's result, and an MLP's. */
  @Test
  void a_forward_pass_leaves_a_copy_of_each_input_and_two_of_each_weight() {
    long more =
        of(LLAMA, FP8).phasePeaks().get(Phase.BACKWARD_HEAD)
            - of(LLAMA, FULL).phasePeaks().get(Phase.BACKWARD_HEAD);

    assertThat(more).isBetween(2 * WEIGHTS + INPUTS - 2 * SHARED, 2 * WEIGHTS + INPUTS);
  }

  @Test
  void weights_and_states_are_as_wide_as_without() {
    assertThat(of(LLAMA, FP8).breakdown().get(Category.OPTIMIZER))
        .isEqualTo(of(LLAMA, FULL).breakdown().get(Category.OPTIMIZER));
    assertThat(of(LLAMA, MXFP8).breakdown().get(Category.WEIGHTS))
        .isEqualTo(of(LLAMA, FULL).breakdown().get(Category.WEIGHTS));
  }

  /** Scales of a byte for 32 elements lie in tiles, along rows and along columns. */
  @Test
  void blocks_of_mxfp8_add_their_scales() {
    long blocks = of(LLAMA, MXFP8).phasePeaks().get(Phase.BACKWARD_HEAD);
    long scaled = of(LLAMA, FP8).phasePeaks().get(Phase.BACKWARD_HEAD);
    long histories =
        of(LLAMA, FP8).breakdown().get(Category.WEIGHTS)
            - of(LLAMA, MXFP8).breakdown().get(Category.WEIGHTS);

    assertThat(blocks - scaled + histories)
        .isBetween((2 * WEIGHTS + INPUTS) / 34, (2 * WEIGHTS + INPUTS) / 30);
  }

  /** The optimizer knows the table that the head had, of which it has no copy. */
  @Test
  void a_tied_head_gets_a_weight_without_states() {
    Architecture tied = Estimates.llama(true);
    long head = 8192 * 1024L * 2;

    assertThat(of(tied, FP8).breakdown().get(Category.OPTIMIZER))
        .isEqualTo(of(tied, FULL).breakdown().get(Category.OPTIMIZER));
    assertThat(of(tied, FP8).breakdown().get(Category.WEIGHTS))
        .isBetween(
            of(tied, FULL).breakdown().get(Category.WEIGHTS) + head,
            of(tied, FULL).breakdown().get(Category.WEIGHTS) + head + (1 << 20));
  }

  @Test
  void products_that_take_operands_either_way_need_no_transposed_copies() {
    assertThat(on("9.0") - on("10.0")).isBetween(WEIGHTS, WEIGHTS * 11 / 10);
  }

  private static long on(String capability) {
    Gpu card = Cards.card("card", capability, Cards.allOf(81_920), "NVLink");
    return MemoryEstimator.estimate(LLAMA, Estimates.job(FP8), Optional.of(card))
        .worst()
        .phasePeaks()
        .get(Phase.BACKWARD_HEAD);
  }

  @ParameterizedTest
  @CsvSource({
    "--sequence-length 1001 --micro-batch 1 --quantized-training fp8, takes multiples of 8",
    "--sequence-length 520 --micro-batch 1 --quantized-training mxfp8, takes multiples of 32",
    "--checkpointing full --quantized-training fp8, which reentrant checkpoints alone take",
    "--checkpointing none --loss chunked --framework trl --quantized-training fp8, loss chunked"
  })
  void what_does_not_run_is_refused(String flags, String reason) {
    assertThatThrownBy(() -> of(LLAMA, "--method full " + ENGINE + flags))
        .hasMessageContaining(reason);
  }

  /** Recomputation runs outside of fp8_autocast, in the dtype of autocast. */
  @Test
  void checkpoints_that_run_a_layer_as_a_whole_again_keep_nothing_narrow() {
    String reentrant =
        "--method full --sequence-length 512 --checkpointing full --checkpointing-reentrant true ";
    String engine = reentrant + ENGINE + "--quantized-training fp8";
    long more = backward(engine) - backward(reentrant);

    assertThat(more).isLessThan(WEIGHTS / 2);
    assertThat(backward(FP8) - backward(FULL)).isGreaterThan(WEIGHTS / 2);
  }

  private static long backward(String flags) {
    return of(LLAMA, flags).phasePeaks().get(Phase.BACKWARD_LAYERS);
  }

  /** The head is 1024 by 8208: a multiple of 16, by which it is replaced, and none of 32. */
  @Test
  void blocks_do_not_divide_every_linear_that_is_replaced() {
    Architecture odd = Estimates.model("llama", Map.of("vocab_size", 8208));

    assertThatThrownBy(() -> of(odd, MXFP8))
        .isInstanceOf(InputException.class)
        .hasMessage(
            "quantized_training.scheme is mxfp8 by quantized_training.implementation"
                + " transformer-engine, but lm_head of a llama has 1024 by 8208 elements, where"
                + " blocks take multiples of 32 alone, allowed: fp8, none");
    assertThatCode(() -> of(odd, FP8)).doesNotThrowAnyException();
  }

  @Test
  void layer_norms_and_experts_are_not_described() {
    Architecture phi = Estimates.model("phi", Map.of());

    assertThatThrownBy(() -> of(phi, FP8)).hasMessageContaining("of a phi");
  }
}
