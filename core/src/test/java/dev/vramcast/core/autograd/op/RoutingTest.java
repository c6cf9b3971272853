package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static dev.vramcast.core.units.DataType.FP32;
import static dev.vramcast.core.units.DataType.INT64;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import org.junit.jupiter.api.Test;

/** What sends tokens to experts and back: 4 units of tokens in bf16, indices of 3. */
class RoutingTest {

  private final TracedCall run = new TracedCall();

  private static long elements(long units) {
    return TracedCall.elements(units, BF16);
  }

  @Test
  void gathered_rows_save_their_indices_and_scatter_the_gradient_into_zeros() {
    Tensor x = run.activation(4, BF16);
    Tensor indices = run.constant(3, INT64);

    assertThat(run.forward(() -> Routing.gather(run.graph, x, indices, elements(2), "rows")))
        .isEqualTo("+2");
    assertThat(run.release(x, indices)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -2 -3");
  }

  /** A value of two bytes and an index of eight each. */
  @Test
  void the_best_experts_of_a_token_are_values_and_saved_indices() {
    Tensor scores = run.activation(4, BF16);
    Tensor[][] best = new Tensor[1][];

    assertThat(
            run.forward(
                () -> {
                  best[0] = Routing.topK(run.graph, scores, elements(1));
                  return best[0][0];
                }))
        .isEqualTo("+1 +4");
    assertThat(run.release(scores)).isEqualTo("-4");
    assertThat(run.release(best[0][1])).isEmpty();
    assertThat(run.backward()).isEqualTo("+4 -1 -4");
  }

  @Test
  void weights_that_are_normalised_in_place_are_saved_as_a_copy_with_their_sums() {
    Tensor weights = run.activation(2, FP32);
    long rows = TracedCall.elements(1, FP32);

    assertThat(run.forward(() -> Routing.normalise(run.graph, weights, rows))).isEqualTo("+1 +2");
    assertThat(run.release(weights)).isEmpty();
    // The gradient; the copy, then the sums.
    assertThat(run.backward()).isEqualTo("+2 -2 -2 -1");
  }

  /** Unlike {@code mm}: derivatives.yaml, _grouped_mm. */
  @Test
  void a_grouped_product_makes_the_gradient_of_the_weights_first() {
    Tensor x = run.activation(4, BF16);
    Parameter weights = run.weight(6, BF16, true);

    assertThat(
            run.forward(
                () -> Routing.grouped(run.graph, x, weights.value(), elements(2), "products")))
        .isEqualTo("+2");
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+6 +4 -2 -4");
  }

  @Test
  void a_grouped_product_with_frozen_weights_does_not_save_its_input() {
    Tensor x = run.activation(4, BF16);
    Parameter weights = run.weight(6, BF16, false);
    run.forward(() -> Routing.grouped(run.graph, x, weights.value(), elements(2), "products"));

    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -2");
  }

  @Test
  void masked_rows_save_a_byte_each() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> Routing.maskRows(run.graph, x, 512))).isEqualTo("+1");
    assertThat(run.backward()).isEqualTo("+4 -4 -1");
  }

  @Test
  void a_sum_over_experts_saves_nothing() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> Routing.sumOverExperts(run.graph, x, elements(2))))
        .isEqualTo("+2");
    assertThat(run.release(x)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -2");
  }

  @Test
  void rows_that_are_added_in_place_are_saved_with_their_indices() {
    Tensor sum = run.activation(5, BF16);
    Tensor rows = run.activation(4, BF16);
    Tensor indices = run.constant(3, INT64);

    assertThat(run.forward(() -> Routing.addRows(run.graph, sum, rows, indices))).isEmpty();
    assertThat(run.release(rows, indices)).isEmpty();
    // The sum's gradient passes on as it is.
    assertThat(run.backward()).isEqualTo("+4 -3 -4");
  }

  @Test
  void rows_that_are_added_out_of_place_need_a_sum_beside_the_zeros() {
    Tensor zeros = run.constant(5, BF16);
    Tensor rows = run.activation(4, BF16);
    Tensor indices = run.constant(3, INT64);

    assertThat(run.forward(() -> Routing.addedRows(run.graph, zeros, rows, indices)))
        .isEqualTo("+5 -5");
  }

  @Test
  void scattered_scores_save_indices() {
    Tensor x = run.activation(4, BF16);
    Tensor indices = run.constant(3, INT64);

    assertThat(run.forward(() -> Routing.scatter(run.graph, x, indices, elements(7))))
        .isEqualTo("+7");
    assertThat(run.release(x, indices)).isEqualTo("-4");
    assertThat(run.backward()).isEqualTo("+4 -7 -3");
  }

  @Test
  void copied_columns_are_saved_for_their_shape() {
    Tensor x = run.activation(4, BF16);

    assertThat(run.forward(() -> Routing.copyColumns(run.graph, x, elements(7)))).isEqualTo("+7");
    assertThat(run.release(x)).isEmpty();
    assertThat(run.backward()).isEqualTo("+4 -7 -4");
  }
}
