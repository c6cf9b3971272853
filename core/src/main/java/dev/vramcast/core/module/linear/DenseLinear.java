package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * {@code nn.Linear}. Under autocast it multiplies 16-bit copies of input and weight. The bias is
 * null where the layer has none.
 */
public record DenseLinear(
    Linear linear, Parameter weight, @Nullable Parameter bias, Category resultCategory)
    implements BaseLinear {

  @Override
  public Tensor forward(Graph g, Tensor x) {
    return multiply(
        g, x, weight, bias, linear.in(), linear.out(), linear.lastName(), resultCategory);
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
    Tensor input = Pointwise.cast(g, x, dtype, "inputs cast by autocast");
    Tensor matrix = Matrix.castWeight(g, weight, dtype);
    Tensor offset = bias == null ? null : Matrix.castWeight(g, bias, dtype);
    Tensor result = Matrix.linear(g, input, matrix, offset, x.elements() / in, out, name, category);
    g.release(input, matrix);
    if (offset != null) {
      g.release(offset);
    }
    return result;
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
