package dev.tunefit.core.memory.step;

import dev.tunefit.core.architecture.Linear;
import dev.tunefit.core.memory.autograd.Dequantising;
import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.Pointwise;
import dev.tunefit.core.memory.autograd.Tensor;
import dev.tunefit.core.units.DataType;

/** bitsandbytes {@code Linear8bitLt}. */
record Int8Linear(Linear linear, DataType computeDtype) implements BaseLinear {

  @Override
  public Tensor forward(Graph g, Tensor x) {
    Tensor input =
        g.autocast()
            ? Pointwise.cast(g, x, g.autocastDtype(), "inputs cast by autocast")
            : x.hold();
    long rows = x.elements() / linear.in();
    Tensor result =
        Dequantising.int8Linear(
            g, input, rows, rows * linear.out(), linear.weightCount(), linear.lastName());
    g.release(input);
    return result;
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
