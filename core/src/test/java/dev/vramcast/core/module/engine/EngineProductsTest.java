package dev.vramcast.core.module.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.job.NarrowLinears;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A {@code LayerNormLinear} of 2048 to 6144 features and a {@code Linear} back, over 1024 tokens in
 * bf16. Their bytes are what TransformerEngine 2.18's own Python allocates on fake tensors in a
 * second step ({@code is_first_microbatch}, gradients summed elsewhere), with its compiled module
 * stood in for as {@code validation/measure} does.
 */
class EngineProductsTest {

  private static final int TOKENS = 1024;
  private static final int HIDDEN = 2048;
  private static final int INNER = 6144;
  private static final int UNIT = 512;

  /** Of the result, and as many of its gradient. */
  private static final long RESULT = (long) TOKENS * HIDDEN * 2;

  private final TracedCall call = new TracedCall();
  private final Graph g = call.graph;

  @ParameterizedTest
  @CsvSource({
    "ENGINE_TURNED, 50336768",
    "CURRENT_TURNED, 50332672",
    "ENGINE_WHOLE, 25170944",
    "CURRENT_WHOLE, 25166848",
    "ENGINE_SQUARES, 50343936",
    "ENGINE_BLOCKS, 51904512",
    "ENGINE_FP4, 28313600"
  })
  void copies_of_weights_stay_from_step_to_step(NarrowLinears how, long bytes) {
    String kept =
        call.during(
            () -> {
              EngineWeights.keep(g, how, (long) HIDDEN * INNER, HIDDEN);
              EngineWeights.keep(g, how, (long) HIDDEN * INNER, INNER);
            });

    assertThat(Walk.of(0, kept).end()).isEqualTo(bytes);
  }

  /** Two scalars of a loss are there where TransformerEngine ran, and of what is largest. */
  @ParameterizedTest
  @CsvSource({
    "ENGINE_TURNED, 31462912, 8393728, 33564672",
    "CURRENT_TURNED, 31462912, 8393728, 33564672",
    "ENGINE_WHOLE, 25171456, 8393728, 27273216",
    "CURRENT_WHOLE, 25171456, 8393728, 27273216",
    "ENGINE_SQUARES, 31920640, 8654848, 33956864",
    "ENGINE_BLOCKS, 31920640, 8654848, 33956864",
    "ENGINE_FP4, 25040896, 4723712, 28059648"
  })
  void a_pass_makes_and_keeps_what_transformer_engine_does(
      NarrowLinears how, long forwardPeak, long kept, long backwardPeak) {
    Tensor x = call.activation((long) TOKENS * HIDDEN * 2 / UNIT, DataType.BF16);
    Affine norm = new Affine(parameter(HIDDEN), null);
    Tensor up = parameter((long) HIDDEN * INNER);
    Tensor down = parameter((long) HIDDEN * INNER);
    Walk forward = Walk.of(0, call.forward(() -> through(x, norm, up, down, how)));
    Walk backward = Walk.of(forward.end(), call.backward());

    assertThat(forward.peak()).isCloseTo(forwardPeak, within(4L * UNIT));
    assertThat(forward.end() - RESULT).isEqualTo(kept);
    assertThat(backward.peak()).isCloseTo(backwardPeak, within(4L * UNIT));
    assertThat(backward.end()).isEqualTo(RESULT + HIDDEN * 2L);
  }

  private Tensor through(Tensor x, Affine norm, Tensor up, Tensor down, NarrowLinears how) {
    Tensor wide =
        EngineProducts.normColumn(g, x, norm, up, new Product(TOKENS, HIDDEN, INNER, 1), how);
    Tensor result = EngineProducts.row(g, wide, down, new Product(TOKENS, INNER, HIDDEN, 1), how);
    g.release(wide);
    return result;
  }

  private Tensor parameter(long elements) {
    return Parameter.whole(g, "weight", Category.WEIGHTS, elements, DataType.BF16, true, 1).value();
  }

  /** Bytes that events leave, and the most there were. */
  private record Walk(long end, long peak) {

    static Walk of(long before, String events) {
      long now = before;
      long most = before;
      for (String event : events.split(" ")) {
        now += Long.parseLong(event) * UNIT;
        most = Math.max(most, now);
      }
      return new Walk(now, most);
    }
  }
}
