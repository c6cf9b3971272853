package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.weight.Dequantising;
import dev.vramcast.core.units.DataType;

/**
 * bitsandbytes {@code Linear8bitLt}, which autocast does not see.
 *
 * @param keepsColumns the input is kept in 8 bits too
 */
record Int8Linear(Linear linear, DataType computeDtype, boolean keepsColumns)
    implements BaseLinear {

  @Override
  public Tensor forward(Graph g, Tensor x) {
    long rows = x.elements() / linear.in();
    return Dequantising.int8Linear(
        g, x, rows, rows * linear.out(), linear.weightCount(), keepsColumns, linear.lastName());
  }

  @Override
  public long weightElements() {
    return linear.weightCount();
  }

  @Override
  public Tensor dequantised(Graph g) {
    return Dequantising.dequantise(g, weightElements(), 0, computeDtype);
  }
}
