package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.part.ModuleFactory;

/** A convolution with a bias. */
public record Convolution(Parameter weight, Parameter bias) {

  /**
   * Puts the parameters onto the trace.
   *
   * @param product of what the convolution reads at once
   */
  public static Convolution load(ModuleFactory modules, Linear product) {
    return new Convolution(
        modules.kernel("convolution", product.weightCount(), product.out()),
        modules.layerParameter("biases", product.out(), 1));
  }

  /** The argument stays the caller's. */
  public Tensor forward(Graph g, Tensor x, long elements, String name) {
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.lowered(g, x));
      Tensor operand = scope.own(Pointwise.lowered(g, weight.value()));
      Tensor offset = scope.own(Pointwise.lowered(g, bias.value()));
      return ShapeOps.convolution(g, input, operand, offset, elements, name);
    }
  }
}
