package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;

/**
 * torchao's {@code Float8Linear} with the default recipe, which scales each tensor by its largest
 * value (torchao/float8/float8_linear.py): autocast casts the input, not the weight.
 *
 * @param keepsCopy {@link dev.vramcast.core.code.StepSettings#keepsNarrowWeights()}
 */
public record Float8Linear(DenseLinear dense, boolean keepsCopy) implements BaseLinear.OverDense {

  /** {@code _scaled_mm} takes sides that are whole multiples of this. */
  private static final int MULTIPLE = 16;

  /** Whether the swap reaches a linear (accelerate/utils/ao.py filter_linear_layers). */
  public static boolean fits(Linear linear) {
    return linear.in() % MULTIPLE == 0 && linear.out() % MULTIPLE == 0;
  }

  @Override
  public Tensor forward(Graph g, Tensor x) {
    Linear linear = dense.linear();
    Parameter bias = dense.bias();
    Tensor input = Pointwise.lowered(g, x);
    long elements = x.elements() / linear.in() * linear.out();
    Tensor product =
        g.rebind(
            input,
            Float8Ops.linear(
                g, input, dense.weight().value(), keepsCopy, elements, linear.lastName()));
    if (bias == null) {
      return product;
    }
    try (Scope scope = Scope.of(g)) {
      Tensor offset = scope.own(Matrix.castWeight(g, bias, product.dtype()));
      return g.rebind(product, Pointwise.add(g, product, offset, "linear outputs"));
    }
  }
}
