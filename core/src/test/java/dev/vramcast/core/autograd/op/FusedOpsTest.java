package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import org.junit.jupiter.api.Test;

/** Operations of one kernel on 8 units of bf16: 256 rows, whose fp32 statistics are 2 units. */
class FusedOpsTest {

  private static final long ROWS = 256;

  private final TracedCall run = new TracedCall();

  /** derivatives.yaml, native_layer_norm: input, mean, rstd. */
  @Test
  void layer_norm_saves_its_input_the_mean_and_the_reciprocal_deviation_of_the_rows() {
    Tensor x = run.activation(8, BF16);
    Parameter weight = run.weight(1, BF16, true);
    Parameter bias = run.weight(3, BF16, true);

    assertThat(
            run.forward(() -> FusedOps.layerNorm(run.graph, x, weight.value(), bias.value(), ROWS)))
        .isEqualTo("+8 +2 +2");
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+8 +1 +3 -8 -8 -2 -2");
  }

  @Test
  void a_frozen_layer_norm_makes_the_gradient_of_its_input_alone() {
    Tensor x = run.activation(8, BF16);
    Parameter weight = run.weight(1, BF16, false);

    run.forward(() -> FusedOps.layerNorm(run.graph, x, weight.value(), weight.value(), ROWS));
    run.release(x);
    assertThat(run.backward()).isEqualTo("+8 -8 -8 -2 -2");
  }

  /** liger_kernel/ops/rms_norm.py, in_place: dX takes the memory of dY. */
  @Test
  void ligers_rms_norm_writes_the_gradient_of_its_input_over_the_incoming_one() {
    Tensor x = run.activation(8, BF16);
    Parameter weight = run.weight(1, BF16, true);

    assertThat(run.forward(() -> FusedOps.rmsNorm(run.graph, x, weight.value(), ROWS, true)))
        .isEqualTo("+8 +2");
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+1 -8 -2");
  }

  @Test
  void pytorchs_rms_norm_saves_the_same_and_makes_a_new_gradient() {
    Tensor x = run.activation(8, BF16);
    Parameter weight = run.weight(1, BF16, true);

    assertThat(run.forward(() -> FusedOps.rmsNormKernel(run.graph, x, weight.value(), ROWS)))
        .isEqualTo("+8 +2");
    run.release(x);
    assertThat(run.backward()).isEqualTo("+8 +1 -8 -8 -2");
  }

  /** liger_kernel/ops/swiglu.py: gradients are stored to the pointers of gate and up. */
  @Test
  void ligers_swiglu_saves_gate_and_up_and_writes_their_gradients_over_them() {
    Tensor gate = run.activation(8, BF16);
    Tensor up = run.activation(8, BF16);

    assertThat(run.forward(() -> FusedOps.swiglu(run.graph, gate, up, "products"))).isEqualTo("+8");
    assertThat(run.release(gate, up)).isEmpty();
    assertThat(run.backward()).isEqualTo("-8");
  }

  @Test
  void half_of_a_rotated_head_is_negated_first_in_both_passes() {
    Tensor x = run.activation(8, BF16);

    assertThat(run.forward(() -> FusedOps.rotateHalf(run.graph, x, "rotated")))
        .isEqualTo("+4 +8 -4");
    assertThat(run.release(x)).isEqualTo("-8");
    assertThat(run.backward()).isEqualTo("+4 +8 -4 +8 -8 -8");
  }

  @Test
  void an_operation_in_place_needs_no_memory_in_either_pass() {
    Tensor x = run.activation(8, BF16);

    assertThat(run.forward(() -> FusedOps.inPlace(run.graph, x))).isEmpty();
    assertThat(run.backward()).isEmpty();
  }

  @Test
  void parts_are_views_whose_gradients_are_put_together_once() {
    Tensor x = run.activation(8, BF16);
    long six = TracedCall.elements(6, BF16);
    long two = TracedCall.elements(2, BF16);
    Tensor[][] parts = new Tensor[1][];

    assertThat(
            run.forward(
                () -> {
                  parts[0] = FusedOps.split(run.graph, x, six, two);
                  return parts[0][0];
                }))
        .isEmpty();
    assertThat(run.release(parts[0][1])).isEmpty();
    // The gradient of the other part is zeros that the concatenation writes.
    assertThat(run.backward()).isEqualTo("+8 -6");
  }

  @Test
  void gradients_of_concatenated_parts_are_views_but_for_a_slice_of_the_second() {
    Tensor a = run.activation(6, BF16);
    Tensor b = run.activation(4, BF16);
    long elements = TracedCall.elements(8, BF16);

    assertThat(run.forward(() -> FusedOps.concatenate(run.graph, "both", a, b, elements)))
        .isEqualTo("+8");
    assertThat(run.release(a, b)).isEqualTo("-6 -4");
    assertThat(run.backward()).isEqualTo("+4");
  }
}
