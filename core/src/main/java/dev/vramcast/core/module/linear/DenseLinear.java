package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * {@code nn.Linear}. Under autocast it multiplies 16-bit copies of input and weight. The bias is
 * null where the layer has none.
 *
 * @param addsBias to the product, as wide as it is (transformers/models/falcon/modeling_falcon.py
 *     FalconLinear.forward)
 */
public record DenseLinear(
    Linear linear,
    Parameter weight,
    @Nullable Parameter bias,
    Category resultCategory,
    boolean addsBias)
    implements BaseLinear {

  @Override
  public Tensor forward(Graph g, Tensor x) {
    if (!weight.module().isWrapped()) {
      return run(g, x);
    }
    try (Scope frame = Scope.of(g, weight.module())) {
      return frame.result(run(g, x));
    }
  }

  private Tensor run(Graph g, Tensor x) {
    if (bias == null || !addsBias) {
      return multiply(g, x, bias);
    }
    Tensor product = multiply(g, x, null);
    return g.rebind(product, Pointwise.add(g, product, bias.value(), linear.lastName()));
  }

  private Tensor multiply(Graph g, Tensor x, @Nullable Parameter added) {
    return multiply(
        g, x, weight, added, linear.in(), linear.out(), linear.lastName(), resultCategory);
  }

  /** A product with a parameter under the rules of autocast. */
  static Tensor multiply(
      Graph g,
      Tensor x,
      Parameter weight,
      @Nullable Parameter bias,
      long in,
      long out,
      String name,
      Category category) {
    DataType dtype = g.autocast() ? g.autocastDtype() : weight.dtype();
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.cast(g, x, dtype, "inputs cast by autocast"));
      Tensor matrix = scope.own(Matrix.linearWeight(g, weight, dtype));
      Tensor offset = scope.ownIfAny(bias == null ? null : Matrix.castWeight(g, bias, dtype));
      return Matrix.linear(g, input, matrix, offset, x.elements() / in, out, name, category);
    }
  }

  @Override
  public @Nullable Parameter bias() {
    return bias;
  }

  @Override
  public long weightElements() {
    return weight.elements();
  }

  @Override
  public Tensor dequantised(Graph g) {
    return weight.value().hold();
  }
}
