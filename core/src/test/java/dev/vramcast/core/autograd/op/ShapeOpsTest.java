package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.BOOL;
import static dev.vramcast.core.units.DataType.FP32;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import org.junit.jupiter.api.Test;

class ShapeOpsTest {

  private final TracedCall run = new TracedCall();

  @Test
  void gradients_of_concatenated_tensors_are_views_of_the_results() {
    Tensor a = run.activation(4, BF16);
    Tensor b = run.activation(2, BF16);

    assertThat(run.forward(() -> ShapeOps.concatenate(run.graph, "both", a, b))).isEqualTo("+6");
    assertThat(run.release(a, b)).isEqualTo("-4 -2");
    assertThat(run.backward()).isEmpty();
  }

  @Test
  void a_part_of_a_narrower_dtype_is_promoted_and_its_gradient_cast_back() {
    Tensor a = run.activation(4, BF16);
    Tensor b = run.activation(2, FP32);

    // 4 units of bf16 are 8 of fp32.
    assertThat(run.forward(() -> ShapeOps.concatenate(run.graph, "both", a, b))).isEqualTo("+10");
    assertThat(run.backward()).isEqualTo("+4");
  }

  @Test
  void an_expanded_tensor_is_a_view_and_its_gradient_is_summed() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> ShapeOps.expand(run.graph, x, TracedCall.elements(12, BF16))))
        .isEmpty();
    assertThat(run.backward()).isEqualTo("+4 -12");
  }

  @Test
  void the_gradient_of_a_sum_is_expanded_without_memory() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> ShapeOps.sum(run.graph, x, TracedCall.elements(1, BF16), "sum")))
        .isEqualTo("+1");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEmpty();
  }

  @Test
  void padding_saves_nothing() {
    Tensor x = run.activation(4, BF16);

    assertThat(
            run.forward(
                () -> ShapeOps.resized(run.graph, x, TracedCall.elements(5, BF16), "padded")))
        .isEqualTo("+5");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -5");
  }

  @Test
  void a_masked_fill_saves_its_mask_alone() {
    Tensor x = run.activation(4, BF16);
    Tensor mask = run.constant(2, BOOL);

    run.forward(() -> ShapeOps.maskedFill(run.graph, x, mask, "filled"));
    assertThat(run.release(x, mask)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -4 -2");
  }

  @Test
  void a_convolution_saves_input_and_weight() {
    Tensor x = run.activation(4, BF16);
    Parameter weight = run.weight(1, BF16, true);

    run.forward(
        () ->
            ShapeOps.convolution(
                run.graph, x, weight.value(), null, TracedCall.elements(5, BF16), "convolved"));
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+4 +1 -5 -4");
  }

  @Test
  void a_part_that_is_assigned_copies_the_whole_gradient() {
    Tensor base = run.activation(4, BF16);
    Tensor part = run.activation(2, BF16);

    assertThat(run.forward(() -> ShapeOps.assign(run.graph, base, part))).isEmpty();
    assertThat(run.backward()).isEqualTo("+4 +2 -4");
  }

  @Test
  void an_attached_tensor_lives_until_the_backward_pass_has_come_through() {
    Tensor x = run.activation(4, BF16);
    Tensor other = run.activation(2, BF16);

    run.forward(() -> ShapeOps.attach(run.graph, x, other));
    assertThat(run.release(other)).isEmpty();
    assertThat(run.backward()).isEqualTo("+2 -2");
  }
}
