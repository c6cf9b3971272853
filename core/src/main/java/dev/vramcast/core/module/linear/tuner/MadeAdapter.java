package dev.vramcast.core.module.linear.tuner;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.module.linear.BaseLinear;
import dev.vramcast.core.trace.Category;

/**
 * LoHa and LoKr on one linear layer: a matrix as large as the weight is made for each pass, and the
 * input's product with it is added (peft/tuners/loha/layer.py and lokr/layer.py, Linear.forward).
 *
 * @param weight what is made
 */
public record MadeAdapter(Weight weight, long in, long out) implements CastingAdapter {

  /** A matrix that is made for a pass. */
  @FunctionalInterface
  public interface Weight {

    /** The matrix, of out times in elements. */
    Tensor make(Graph g);
  }

  @Override
  public Tensor forward(Graph g, Tensor x, BaseLinear linear) {
    Tensor result = linear.forward(g, x);
    Tensor added = product(g, x);
    Tensor sum = g.rebind(result, added, Pointwise.add(g, result, added, "linear outputs"));
    return g.rebind(sum, Pointwise.cast(g, sum, x.dtype(), "linear outputs"));
  }

  private Tensor product(Graph g, Tensor x) {
    try (Scope frame = Scope.of(g)) {
      Tensor made = frame.own(weight.make(g));
      Tensor input = frame.own(Pointwise.cast(g, x, made.dtype(), "adapter inputs"));
      try (Scope call = Scope.of(g)) {
        Tensor left = call.own(Pointwise.lowered(g, input));
        Tensor right = call.own(Pointwise.lowered(g, made));
        return Matrix.linear(
            g, left, right, null, x.elements() / in, out, "adapter outputs", Category.ACTIVATIONS);
      }
    }
  }
}
