package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.weight.Dequantising;
import dev.vramcast.core.autograd.weight.Dequantising.FourBits;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/**
 * A linear layer whose weight is stored in few bits and made 16-bit for each product (bitsandbytes
 * {@code Linear4bit}, torchao, GPTQ and AWQ kernels that dequantise).
 *
 * @param weight as it is stored
 * @param holdsInput the product's input is kept for the backward pass without need
 * @param category of the result
 * @param computeDtype the product's dtype; the result is cast back to the input's
 */
record QuantisedLinear(
    Linear linear, FourBits weight, boolean holdsInput, Category category, DataType computeDtype)
    implements BaseLinear {

  @Override
  public Tensor forward(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.cast(g, x, computeDtype, "inputs in compute dtype"));
      Tensor result =
          scope.own(
              Dequantising.linear(
                  g,
                  input,
                  x.elements() / linear.in() * linear.out(),
                  weight,
                  holdsInput,
                  linear.lastName(),
                  category));
      return Pointwise.cast(g, result, x.dtype());
    }
  }

  @Override
  public long weightElements() {
    return linear.weightCount();
  }

  @Override
  public Tensor dequantised(Graph g) {
    return Dequantising.dequantise(g, weightElements(), weight.constants(), computeDtype);
  }
}
