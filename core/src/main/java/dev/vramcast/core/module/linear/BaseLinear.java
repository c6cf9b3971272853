package dev.vramcast.core.module.linear;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/** A linear layer without its adapter, in one of the ways its weight can be stored. */
public interface BaseLinear {

  /** The product with the weight; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x);

  /** The bias, null where there is none that is known. */
  default @Nullable Parameter bias() {
    return null;
  }

  /** Elements of the weight as a matrix. */
  long weightElements();

  /** The weight as a matrix in a float dtype, materialised if it is stored otherwise. */
  Tensor dequantised(Graph g);

  /** One that multiplies otherwise by a weight that stays as a linear of its own stores it. */
  interface OverDense extends BaseLinear {

    /** That linear. */
    DenseLinear dense();

    @Override
    default long weightElements() {
      return dense().weightElements();
    }

    @Override
    default Tensor dequantised(Graph g) {
      return dense().dequantised(g);
    }
  }
}
