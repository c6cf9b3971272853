package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.weight.Dequantising;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.units.DataType;

/**
 * AutoAWQ's {@code WQLinear_GEMM}: it multiplies in fp16 whatever it is given.
 *
 * @param settings with the sequences of a pass, for each of which the backward pass copies the
 *     weight
 */
record AwqLinear(Linear linear, StepSettings settings) implements BaseLinear {

  @Override
  public Tensor forward(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      Tensor half = scope.own(Pointwise.cast(g, x, DataType.FP16, "inputs in fp16"));
      Tensor result =
          scope.own(
              Dequantising.awqLinear(
                  g,
                  half,
                  x.elements() / linear.in() * linear.out(),
                  linear.weightCount(),
                  settings.batch(),
                  linear.lastName()));
      return Pointwise.cast(g, result, x.dtype());
    }
  }

  @Override
  public long weightElements() {
    return linear.weightCount();
  }

  @Override
  public Tensor dequantised(Graph g) {
    return Dequantising.dequantise(g, weightElements(), 0, DataType.FP16);
  }
}
