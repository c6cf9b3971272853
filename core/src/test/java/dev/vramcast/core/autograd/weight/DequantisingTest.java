package dev.vramcast.core.autograd.weight;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP16;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.autograd.weight.Dequantising.FourBits;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;

/** Products of 4 units of inputs with a weight of 6 units where it is 16-bit; the result has 2. */
class DequantisingTest {

  private static final long RESULT = TracedCall.elements(2, BF16);
  private static final long WEIGHT = TracedCall.elements(6, BF16);

  private final TracedCall run = new TracedCall();

  // ---- bitsandbytes, four bits ----

  private Tensor fourBit(Tensor x, long constants, boolean holdsInput) {
    return fourBit(x, new FourBits(WEIGHT, constants, x.dtype, false), holdsInput);
  }

  private Tensor fourBit(Tensor x, FourBits weight, boolean holdsInput) {
    return Dequantising.linear(
        run.graph, x, RESULT, weight, holdsInput, "result", Category.ACTIVATIONS);
  }

  @Test
  void four_bit_weights_are_unpacked_for_each_pass_and_nothing_is_saved() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> fourBit(x, 0, false))).isEqualTo("+6 +2 -6");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+6 +4 -6 -2");
  }

  /** {@code bnb_4bit_use_double_quant}: constants in fp32, gone when the weight is there. */
  @Test
  void doubly_quantised_constants_are_unpacked_first() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> fourBit(x, TracedCall.elements(3, FP32), false)))
        .isEqualTo("+3 +6 -3 +2 -6");
    assertThat(run.backward()).isEqualTo("+3 +6 -3 +4 -6 -2");
  }

  @Test
  void since_0_50_doubly_quantised_constants_stay_until_the_product_is_there() {
    Tensor x = run.activation(4, BF16);
    long constants = TracedCall.elements(3, FP32);

    assertThat(run.forward(() -> fourBit(x, new FourBits(WEIGHT, constants, x.dtype, true), false)))
        .isEqualTo("+3 +3 +6 +2 -3 -3 -6");
    assertThat(run.backward()).isEqualTo("+3 +6 -3 +4 -6 -2");
  }

  /** {@code QuantState.dtype}: fp32 of a base that was loaded so. */
  @Test
  void weights_that_were_quantised_from_fp32_are_unpacked_to_it_and_then_cast() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> fourBit(x, new FourBits(WEIGHT, 0, FP32, false), false)))
        .isEqualTo("+12 +6 -12 +2 -6");
    assertThat(run.backward()).isEqualTo("+12 +6 -12 +4 -6 -2");
  }

  @Test
  void before_0_43_2_bitsandbytes_kept_the_input() {
    Tensor x = run.activation(4, BF16);

    run.forward(() -> fourBit(x, 0, true));
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+6 +4 -6 -2 -4");
  }

  @Test
  void no_node_is_made_where_no_gradient_is_wanted() {
    Tensor x = run.constant(4, BF16);

    run.forward(() -> fourBit(x, 0, true));
    assertThat(run.result().requiresGrad()).isFalse();
    assertThat(run.release(x)).isEqualTo("-4");
  }

  // ---- bitsandbytes, eight bits ----

  /** {@code A * stats * constant}: the first product is there until the second is. */
  @Test
  void scaled_rows_are_made_in_fp32_twice_over() {
    long weight = TracedCall.elements(6, FP32);

    assertThat(run.forward(() -> Dequantising.scaledRows(run.graph, weight))).isEqualTo("+6 +6 -6");
    assertThat(run.result().dtype()).isEqualTo(FP32);
    assertThat(run.result().requiresGrad()).isFalse();
  }

  // ---- AWQ ----

  @Test
  void awq_saves_its_input_and_repeats_the_weight_for_each_sequence() {
    Tensor x = run.activation(4, FP16);

    assertThat(run.forward(() -> Dequantising.awqLinear(run.graph, x, RESULT, WEIGHT, 3, "result")))
        .isEqualTo("+6 +2 -6");
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+6 +18 +4 -6 -18 -2 -4");
  }

  // ---- LLM.int8 ----

  private Tensor eightBit(Tensor x, boolean keepsColumns) {
    long rows = 128;
    return Dequantising.int8Linear(run.graph, x, rows, RESULT, WEIGHT, keepsColumns, "result");
  }

  /**
   * The input in fp16, a scale a row, the input in int8; magnitudes and their comparison; sums in
   * int32 and in fp16, then the result.
   */
  @Test
  void llm_int8_quantises_rows_and_keeps_the_input() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> eightBit(x, false)))
        .isEqualTo("+4 +1 +2 +4 +2 -4 -2 -4 -1 +4 +2 +2 -4 -2 -2");
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+6 +4 -6 -2 -4");
  }

  @Test
  void llm_int8_casts_no_fp16_inputs() {
    Tensor x = run.activation(4, FP16);

    assertThat(run.forward(() -> eightBit(x, false))).isEqualTo("+1 +2 +4 +2 -4 -2 -1 +4 +2 -4 -2");
  }

  @Test
  void columns_in_8_bits_are_kept_where_the_version_does_so() {
    Tensor x = run.activation(4, FP16);

    run.forward(() -> eightBit(x, true));
    run.release(x);
    // The weight, the gradient, what came, the columns and the input.
    assertThat(run.backward()).isEqualTo("+6 +4 -6 -2 -2 -4");
  }
}
