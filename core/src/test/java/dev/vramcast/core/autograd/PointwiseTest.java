package dev.vramcast.core.autograd;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.trace.Aten;
import org.junit.jupiter.api.Test;

/**
 * What element-wise operations save and allocate, from torch's tools/autograd/derivatives.yaml: 4
 * units of activations, in bf16 where it does not matter.
 */
class PointwiseTest {

  private final TracedCall run = new TracedCall();
  private final Graph graph = run.graph;

  // ---- what is saved ----

  @Test
  void a_sum_saves_nothing_and_sends_its_gradient_on_as_it_is() {
    Tensor a = run.activation(4, BF16);
    Tensor b = run.activation(4, BF16);

    assertThat(run.forward(() -> Pointwise.add(graph, a, b, "sum"))).isEqualTo("+4");
    assertThat(run.release(a, b)).isEqualTo("-4 -4");
    // Both inputs get the tensor that came.
    assertThat(run.backward()).isEmpty();
  }

  @Test
  void a_bias_gets_the_sum_of_the_gradient_over_the_rows() {
    Tensor a = run.activation(4, BF16);
    Parameter bias = run.weight(1, BF16, true);

    run.forward(() -> Pointwise.add(graph, a, bias.value(), "sum"));
    assertThat(run.backward()).isEqualTo("+1");
  }

  @Test
  void an_input_of_a_narrower_dtype_gets_a_cast_of_the_gradient() {
    Tensor a = run.activation(4, BF16);
    Tensor b = run.constant(8, FP32);

    assertThat(run.forward(() -> Pointwise.add(graph, a, b, "sum"))).isEqualTo("+8");
    assertThat(run.backward()).isEqualTo("+4 -8");
  }

  /** Summed over the rows in the wide dtype, then cast. */
  @Test
  void a_narrow_bias_is_summed_before_its_gradient_is_cast() {
    Tensor a = run.activation(8, FP32);
    Parameter bias = run.weight(1, BF16, true);

    run.forward(() -> Pointwise.add(graph, a, bias.value(), "sum"));
    assertThat(run.backward()).isEqualTo("+2 +1 -2");
  }

  @Test
  void a_product_saves_the_factor_of_each_input_that_requires_a_gradient() {
    Tensor a = run.activation(4, BF16);
    Tensor b = run.constant(4, BF16);

    run.forward(() -> Pointwise.mul(graph, a, b, "product"));
    assertThat(run.release(a)).isEqualTo("-4");
    assertThat(run.release(b)).isEmpty();
    assertThat(run.backward()).isEqualTo("+4 -4 -4");
  }

  @Test
  void a_gain_gets_the_sum_of_a_product_as_large_as_the_activations() {
    Tensor x = run.activation(4, BF16);
    Parameter gain = run.weight(1, BF16, true);

    run.forward(() -> Pointwise.mul(graph, x, gain.value(), "product"));
    assertThat(run.release(x)).isEmpty();
    // The product for x stays, that for the gain goes when it is summed, before the incoming one.
    assertThat(run.backward()).isEqualTo("+4 +4 +1 -4 -4 -4");
  }

  @Test
  void what_came_in_and_what_was_saved_live_until_what_goes_out_is_cast() {
    Tensor a = run.activation(4, BF16);
    Tensor b = run.constant(8, FP32);

    run.forward(() -> Pointwise.mul(graph, a, b, "product"));
    run.release(a, b);
    assertThat(run.backward()).isEqualTo("+8 +4 -8 -8 -8");
  }

  @Test
  void a_scale_by_a_number_saves_nothing() {
    Tensor x = run.activation(4, BF16);

    run.forward(() -> Pointwise.scale(graph, x, "scaled"));
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -4");
  }

  @Test
  void silu_saves_its_input() {
    Tensor x = run.activation(4, BF16);

    run.forward(() -> Pointwise.activation(graph, Aten.SILU, x, "gate"));
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+4 -4 -4");
  }

  @Test
  void tanh_saves_its_result() {
    Tensor x = run.activation(4, BF16);

    run.forward(() -> Pointwise.savingResult(graph, Aten.TANH, x, "capped"));
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -4 -4");
  }

  /** {@code grad * (2 * self.pow(1))}: the power, twice it, and the gradient. */
  @Test
  void a_square_saves_its_input_and_makes_three_tensors() {
    Tensor x = run.activation(4, FP32);

    run.forward(() -> Pointwise.square(graph, x, "square"));
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+4 +4 +4 -4 -4 -4 -4");
  }

  @Test
  void dropout_saves_a_mask_of_one_byte_an_element() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> Pointwise.dropout(graph, x, 0.1, "dropped"))).isEqualTo("+4 +2");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -4 -2");
  }

  @Test
  void dropout_of_nothing_is_the_same_tensor() {
    Tensor x = run.activation(4, BF16);

    assertThat(Pointwise.dropout(graph, x, 0, "dropped")).isSameAs(x);
    assertThat(run.release(x)).isEmpty();
    assertThat(run.release(x)).isEqualTo("-4");
  }

  // ---- casts ----

  @Test
  void a_cast_saves_nothing_and_its_gradient_is_cast_back() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> Pointwise.cast(graph, x, FP32))).isEqualTo("+8");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -8");
  }

  @Test
  void a_cast_to_the_dtype_that_is_there_is_the_same_tensor() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> Pointwise.cast(graph, x, BF16))).isEmpty();
    assertThat(run.result()).isSameAs(x);
  }

  @Test
  void a_cast_of_a_detached_tensor_requires_no_gradient() {
    Tensor x = run.activation(4, BF16);

    run.forward(() -> Pointwise.detachedCast(graph, x, FP32, "detached"));
    assertThat(run.result().requiresGrad()).isFalse();
  }

  // ---- layouts ----

  @Test
  void a_copy_in_another_layout_gives_its_gradient_back_as_a_view() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> Pointwise.copy(graph, x, "contiguous"))).isEqualTo("+4");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEmpty();
  }

  @Test
  void what_is_added_in_place_needs_no_memory() {
    Tensor a = run.activation(4, BF16);
    Tensor b = run.activation(4, BF16);

    assertThat(run.forward(() -> Pointwise.addInPlace(graph, a, b))).isEmpty();
    assertThat(run.release(b)).isEqualTo("-4");
    assertThat(run.backward()).isEmpty();
  }

  // ---- categories ----

  @Test
  void gradients_are_named_after_what_they_belong_to() {
    Parameter weight = run.weight(1, BF16, true);
    Tensor x = run.activation(1, BF16);

    assertThat(Pointwise.gradientName(weight.value())).isEqualTo("gradient");
    assertThat(Pointwise.gradientName(x)).isEqualTo("gradients of activations");
  }
}
