package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.autograd.weight.BlockSums;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.trace.Category;

/**
 * MiSS on one linear layer: the input is summed over blocks of as many features as the rank, and
 * the sum's product with one factor is added (peft/tuners/miss/layer.py MissLinear.forward).
 *
 * @param block rank by out
 * @param clones the base's result is copied first
 */
public record BlockSumAdapter(
    Parameter block, long in, long out, long rank, double dropout, boolean clones)
    implements CastingAdapter {

  private static final String OUTPUTS = "linear outputs";

  @Override
  public Tensor forward(Graph g, Tensor x, BaseLinear linear) {
    Tensor result = linear.forward(g, x);
    if (clones) {
      result = g.rebind(result, Pointwise.copy(g, result, OUTPUTS));
    }
    long blocks = (in + rank - 1) / rank;
    long tokens = x.elements() / in;
    Tensor padded =
        in % rank == 0
            ? x.hold()
            : ShapeOps.resized(g, x, tokens * blocks * rank, "adapter inputs");
    Tensor input = g.rebind(padded, Pointwise.cast(g, padded, block.dtype(), "adapter inputs"));
    try (Scope frame = Scope.of(g)) {
      frame.own(input);
      Tensor added = product(g, input, tokens);
      Tensor sum = g.rebind(result, added, Pointwise.add(g, result, added, OUTPUTS));
      return g.rebind(sum, Pointwise.cast(g, sum, x.dtype(), OUTPUTS));
    }
  }

  private Tensor product(Graph g, Tensor input, long tokens) {
    try (Scope call = Scope.of(g)) {
      Tensor dropped = Pointwise.dropout(g, input, dropout, "adapter inputs after dropout");
      Tensor sums = call.own(g.rebind(dropped, BlockSums.sum(g, dropped, tokens * rank)));
      Tensor left = call.own(Pointwise.lowered(g, sums));
      Tensor right = call.own(Matrix.castWeight(g, block, left.dtype()));
      return Matrix.linear(
          g, left, right, null, tokens, out, "adapter outputs", Category.ACTIVATIONS);
    }
  }
}
