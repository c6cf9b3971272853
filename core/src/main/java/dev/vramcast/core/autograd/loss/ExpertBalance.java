package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * What the loss that balances experts makes of the scores of one layer (transformers
 * models/mixtral/modeling_mixtral.py {@code load_balancing_loss_func}, since 5.16 layer by layer).
 */
public final class ExpertBalance {

  private static final String NAME = "router probabilities";

  private static final Operation TOP_K = Operation.of("aten::topk");
  private static final Operation REPEAT = Operation.of("aten::repeat_interleave");
  private static final Operation SUM = Operation.of("aten::sum").backward("aten::mul");

  private ExpertBalance() {}

  /**
   * The probabilities of all tokens added up, one sum an expert in fp32. The softmax's result is
   * saved, and the mask where there is one.
   *
   * @param scores [tokens, experts]; they stay the caller's
   * @param mask of tokens, in fp32; null where all count
   */
  public static Tensor sums(Graph g, RouterScores.OfLayer scores, @Nullable Tensor mask) {
    try (Scope scope = Scope.of(g)) {
      Tensor wide = Pointwise.widened(g, scores.scores(), NAME);
      Tensor probabilities =
          scope.own(g.rebind(wide, Pointwise.savingResult(g, Aten.SOFTMAX, wide, NAME)));
      count(g, scores, probabilities.dtype(), mask != null);
      Tensor summed = scope.own(Pointwise.cast(g, probabilities, DataType.FP32, NAME));
      Node node = g.node(SUM, Pointwise.LIKE_INPUT, summed);
      if (mask != null) {
        g.save(node, mask);
        scope.own(g.allocate(Aten.MUL, NAME, Category.ACTIVATIONS, summed.elements, summed.dtype));
      }
      return g.output("expert sums", Category.ACTIVATIONS, scores.experts(), DataType.FP32, node);
    }
  }

  /** The choices of all tokens are counted, of which no gradient comes. */
  private static void count(
      Graph g, RouterScores.OfLayer scores, DataType probabilities, boolean masked) {
    long chosen = scores.scores().elements() / scores.experts() * scores.chosen();
    try (Scope scope = Scope.of(g)) {
      scope.own(g.allocate(TOP_K, "routing weights", Category.OTHER, chosen, probabilities));
      scope.own(g.allocate(TOP_K, "routing indices", Category.OTHER, chosen, DataType.INT64));
      DataType weights = masked ? DataType.FP32 : DataType.INT32;
      scope.own(g.allocate(REPEAT, "routing mask", Category.OTHER, chosen, weights));
    }
  }
}
