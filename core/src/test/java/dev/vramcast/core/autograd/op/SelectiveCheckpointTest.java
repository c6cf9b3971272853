package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/**
 * torchtitan/distributed/activation_checkpoint.py keeps every second product: two products with
 * frozen weights of 20 units, with results of 3 and 5, each behind an activation that saves its
 * input, and a last activation.
 */
class SelectiveCheckpointTest {

  private final TracedCall run = new TracedCall();
  private final Graph graph = run.graph;
  private final Parameter weight = run.weight(20, BF16, false);

  private Tensor product(Tensor x, long units) {
    Tensor result =
        Matrix.linear(
            graph,
            x,
            weight.value(),
            null,
            TracedCall.elements(units, BF16) / 16,
            16,
            "product",
            Category.ACTIVATIONS);
    graph.release(x);
    return result;
  }

  private Tensor activation(Tensor x) {
    Tensor result = Pointwise.activation(graph, Aten.SILU, x, "activation");
    graph.release(x);
    return result;
  }

  private Tensor layer(Tensor x) {
    return activation(product(activation(product(x, 3)), 5));
  }

  private String forward(UnaryOperator<Tensor> checkpoint) {
    Tensor input = run.activation(2, BF16);
    return run.forward(() -> checkpoint.apply(input));
  }

  @Test
  void everything_is_kept_without_a_checkpoint() {
    // Results of the products, which activations saved, and of the first activation not.
    assertThat(forward(this::layer)).isEqualTo("+3 -2 +3 +5 -3 +5");
  }

  @Test
  void a_full_checkpoint_keeps_its_input_alone() {
    assertThat(forward(x -> Checkpoints.nonReentrant(graph, x, this::layer)))
        .isEqualTo("+3 +3 -3 +5 -3 +5 -5");
    // Both products again, up to the input of the last activation.
    assertThat(run.backward()).startsWith("+3 +3 +5 -3 ");
  }

  @Test
  void a_selective_one_keeps_the_first_of_two_products_too() {
    assertThat(forward(x -> Checkpoints.selective(graph, x, this::layer, false)))
        .isEqualTo("+3 +3 +5 -3 +5 -5");
    // The first product is there.
    assertThat(run.backward()).startsWith("+3 +5 -3 ");
  }

  @Test
  void nothing_is_left_after_the_backward_pass_but_the_gradient_of_the_input() {
    forward(x -> Checkpoints.selective(graph, x, this::layer, false));
    String backward = run.backward();

    long left = 0;
    for (String event : backward.split(" ")) {
      left += Long.parseLong(event);
    }
    // Gone: the input of 2, the product of 3, and the gradient that came, of 5; there: 2.
    assertThat(left).isEqualTo(2 - 2 - 3 - 5);
  }

  @Test
  void without_gradients_a_checkpoint_is_a_call() {
    Tensor input = run.constant(2, BF16);

    assertThat(
            run.during(
                () ->
                    graph.withoutGrad(
                        () ->
                            graph.release(
                                Checkpoints.selective(graph, input, this::layer, false)))))
        .isEqualTo("+3 -2 +3 -3 +5 -3 +5 -5 -5");
  }
}
