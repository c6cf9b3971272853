package dev.vramcast.core.autograd.op;

import static dev.vramcast.core.units.DataType.BF16;
import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import org.junit.jupiter.api.Test;

/**
 * What is left of rows of which all but the largest numbers become zeros: 4 units of numbers, 1 of
 * the rows' means, deviations and cutoffs.
 */
class SparseOpsTest {

  private final TracedCall run = new TracedCall();

  private String relu(Tensor x) {
    return run.forward(() -> SparseOps.relu(run.graph, x, TracedCall.elements(1, BF16)));
  }

  @Test
  void numbers_above_the_cutoff_are_a_tensor_beside_the_input_which_the_deviation_saves() {
    Tensor x = run.activation(4, BF16);

    assertThat(relu(x)).isEqualTo("+1 +1 +1 +1 +1 -1 +4 +4 -1 -1 -4");
    assertThat(run.release(x)).isEmpty();
  }

  @Test
  void an_input_without_a_gradient_is_freed() {
    Tensor x = run.constant(4, BF16);

    relu(x);
    assertThat(run.release(x)).isEqualTo("-4");
  }
}
