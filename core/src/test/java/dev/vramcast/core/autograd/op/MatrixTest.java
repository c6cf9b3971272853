package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static dev.vramcast.core.units.DataType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.autograd.op.Matrix.WholeGradient;
import dev.vramcast.core.trace.Category;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What products and reductions save and allocate, from torch's tools/autograd/derivatives.yaml: 4
 * units of activations, a weight of 6, a result of 2.
 */
class MatrixTest {

  private final TracedCall run = new TracedCall();

  private Tensor linear(Tensor x, Parameter weight, Tensor bias) {
    long columns = 16;
    return Matrix.linear(
        run.graph,
        x,
        weight.value(),
        bias,
        TracedCall.elements(2, BF16) / columns,
        columns,
        "projections",
        Category.ACTIVATIONS);
  }

  @Test
  void a_product_with_a_trained_weight_saves_both_and_makes_the_gradient_of_its_input_last() {
    Tensor x = run.activation(4, BF16);
    Parameter weight = run.weight(6, BF16, true);

    assertThat(run.forward(() -> linear(x, weight, null))).isEqualTo("+2");
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+6 +4 -2 -4");
    assertThat(weight.gradient().elements()).isEqualTo(weight.elements());
  }

  @Test
  void a_product_with_a_frozen_weight_does_not_save_its_input() {
    Tensor x = run.activation(4, BF16);
    Parameter weight = run.weight(6, BF16, false);

    run.forward(() -> linear(x, weight, null));
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -2");
    assertThat(weight.gradient()).isNull();
  }

  /** deepspeed/runtime/zero/linear.py LinearFunctionForZeroStage3. */
  @Test
  void under_stage_3_a_product_with_a_frozen_weight_saves_its_input_too() {
    run.graph.follow(Node.Habit.LINEAR_INPUTS);
    Tensor x = run.activation(4, BF16);
    Parameter weight = run.weight(6, BF16, false);

    run.forward(() -> linear(x, weight, null));
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+4 -2 -4");
  }

  /** DeepSpeed stands in for {@code F.linear} alone. */
  @Test
  void under_stage_3_matmul_with_a_frozen_weight_does_not_save_its_input() {
    run.graph.follow(Node.Habit.LINEAR_INPUTS);
    Tensor x = run.activation(4, BF16);
    Parameter weight = run.weight(6, BF16, false);

    run.forward(
        () ->
            Matrix.matmul(
                run.graph,
                x,
                weight.value(),
                TracedCall.elements(2, BF16) / 16,
                16,
                "expert outputs",
                Category.ACTIVATIONS));
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -2");
  }

  @Test
  void a_product_whose_input_requires_no_gradient_makes_that_of_the_weight_alone() {
    Tensor x = run.constant(4, BF16);
    Parameter weight = run.weight(6, BF16, true);

    run.forward(() -> linear(x, weight, null));
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+6 -2 -4");
  }

  @Test
  void a_bias_gets_its_gradient_last_and_saves_nothing() {
    Tensor x = run.activation(4, BF16);
    Parameter weight = run.weight(6, BF16, false);
    Parameter bias = run.weight(1, BF16, true);

    run.forward(() -> linear(x, weight, bias.value()));
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 +1 -2");
  }

  @Test
  void a_product_of_two_activations_saves_both() {
    Tensor a = run.activation(4, BF16);
    Tensor b = run.activation(3, BF16);

    long elements = TracedCall.elements(2, BF16);
    assertThat(run.forward(() -> Matrix.product(run.graph, a, b, elements, "scores")))
        .isEqualTo("+2");
    assertThat(run.release(a, b)).isEmpty();
    assertThat(run.backward()).isEqualTo("+3 +4 -2 -4 -3");
  }

  @Test
  void a_mean_of_rows_saves_nothing() {
    Tensor x = run.activation(4, FP32);

    assertThat(run.forward(() -> Matrix.rowMean(run.graph, x, 256, "variance"))).isEqualTo("+2");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -2");
  }

  /** {@code -0.5 * grad * result.pow(3)}: the power, its product, and the gradient. */
  @Test
  void a_reciprocal_root_saves_its_result_and_makes_three_tensors() {
    Tensor x = run.activation(4, FP32);

    assertThat(run.forward(() -> Matrix.rsqrt(run.graph, x, "inverse"))).isEqualTo("+4");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 +4 +4 -4 -4 -4 -4");
  }

  @Test
  void an_embedding_saves_indices_and_makes_a_dense_gradient_of_its_table() {
    Tensor ids = run.constant(1, INT64);
    Parameter table = run.weight(7, BF16, true);

    assertThat(run.forward(() -> Matrix.embedding(run.graph, table.value(), ids, 16, 32)))
        .isEqualTo("+2");
    assertThat(run.release(ids)).isEmpty();
    assertThat(run.backward()).isEqualTo("+7 -2 -1");
    assertThat(table.gradient().elements()).isEqualTo(table.elements());
  }

  @ParameterizedTest
  @CsvSource({"KEPT, +12 -2 -1", "REDUCED, +12 +3 -12 -2 -1", "ADDED, +12 +3 +3 -3 -12 -2 -1"})
  void a_table_that_four_ranks_divide_gets_a_gradient_with_the_rows_of_all(
      WholeGradient becomes, String backward) {
    Tensor ids = run.constant(1, INT64);
    Parameter rows = run.weight(3, BF16, true);
    run.forward(() -> Matrix.dividedEmbedding(run.graph, rows.value(), ids, 16, 32, 4, becomes));
    run.release(ids);

    assertThat(run.backward()).isEqualTo(backward);
  }

  @Test
  void the_gradient_of_a_transposed_table_is_copied_to_its_layout() {
    Tensor ids = run.constant(1, INT64);
    Parameter table = run.weight(7, BF16, true);
    run.forward(() -> Matrix.transposedEmbedding(run.graph, table.value(), ids, 16, 32));
    run.release(ids);

    assertThat(run.backward()).isEqualTo("+7 +7 -7 -2 -1");
  }

  @Test
  void only_autocast_copies_a_parameter_that_is_used_through_a_view() {
    Parameter weight = run.weight(6, FP32, true);
    assertThat(run.during(() -> Matrix.castActivation(run.graph, weight.value()))).isEmpty();

    run.graph.enterAutocast(BF16);
    assertThat(run.during(() -> Matrix.castActivation(run.graph, weight.value()))).isEqualTo("+3");
  }

  @Test
  void autocast_keeps_copies_of_fp32_weights_alone() {
    Parameter fp16 = run.weight(6, dev.vramcast.core.units.DataType.FP16, true);
    run.graph.enterAutocast(BF16);

    Tensor copy = Matrix.castWeight(run.graph, fp16, BF16);
    assertThat(run.release(copy)).isEqualTo("-6");
    assertThat(fp16.cachedCast).isNull();
  }
}
