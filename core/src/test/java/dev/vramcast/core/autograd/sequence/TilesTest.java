package dev.vramcast.core.autograd.sequence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.job.code.LayerCode.TiledMlp;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.List;
import org.junit.jupiter.api.Test;

class TilesTest {

  private static final long ROWS = 512;

  private final TracedCall call = new TracedCall();
  private final Tensor x = call.activation(8, DataType.BF16);
  private final Parameter weight = call.weight(32, DataType.BF16, true);

  /** From 8 units of input to 16 in all, in so many pieces. */
  private String forward(int pieces, TiledMlp gradients) {
    Tiles tiles =
        new Tiles(
            piece -> {
              Tensor result =
                  Matrix.linear(
                      call.graph,
                      piece,
                      weight.value(),
                      null,
                      ROWS,
                      piece.elements() * 2 / ROWS,
                      "product",
                      Category.ACTIVATIONS);
              call.graph.release(piece);
              return result;
            },
            ROWS,
            pieces,
            List.of(weight),
            gradients);
    return call.forward(() -> tiles.run(call.graph, x));
  }

  @Test
  void results_of_pieces_live_until_they_are_put_together() {
    assertThat(forward(2, TiledMlp.ADDED)).isEqualTo("+8 +8 +16 -8 -8");
    assertThat(call.release(x)).isEmpty();
  }

  @Test
  void each_piece_runs_again_and_its_gradient_is_added_to_the_one_before() {
    forward(2, TiledMlp.ADDED);

    // Zeros for the input's gradient; then for each piece: the product, the weight's gradient, the
    // piece's. The product of the first has a name until that of the second is there.
    assertThat(call.backward()).isEqualTo("+8 +8 +32 +4 -4 +8 -8 +32 +4 -32 -4 -8 -16");
  }

  @Test
  void where_gradients_are_summed_beside_the_last_that_was_added_lives_into_the_next_piece() {
    forward(2, TiledMlp.SUMMED);

    assertThat(call.backward()).isEqualTo("+8 +32 +8 +32 +4 -4 +8 -8 +32 +4 -4 -32 -32 -8 -16");
  }

  @Test
  void more_pieces_than_can_matter_are_not_written_one_by_one() {
    assertThat(forward(512, TiledMlp.ADDED).split(" ")).hasSize(7);
    assertThat(call.backward().split(" ")).hasSizeLessThan(24);
  }
}
