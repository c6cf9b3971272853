package dev.vramcast.core.module.linear;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.weight.FakeQuantising;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.LayerCode.FakeQuantiser;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;

/**
 * A linear that multiplies rounded inputs and a rounded copy of its weight, which it makes anew in
 * each pass (torchao/quantization/qat/linear.py FakeQuantizedLinear, torchtune/modules/peft/lora.py
 * QATLoRALinear).
 */
public record FakeQuantisedLinear(DenseLinear dense, FakeQuantiser how)
    implements BaseLinear.OverDense {

  /** Weights of a row that share a scale: {@code groupsize} of torchtune's recipes. */
  private static final long GROUP = 256;

  /** Whether torchao replaces a linear: quant_api.py _check_linear_int4_k. */
  public static boolean covers(Linear linear) {
    return linear.in() % GROUP == 0;
  }

  /**
   * What its modules keep from pass to pass: scales and zero points of the last inputs and of the
   * weight. They are no parameters, so that nothing divides them among ranks.
   *
   * @param tokens of a pass
   */
  private static void keepScales(Graph g, Linear linear, long tokens) {
    for (int i = 0; i < 2; i++) {
      g.allocate("fake quantiser's scales", Category.WEIGHTS, tokens, DataType.FP32);
      g.allocate("fake quantiser's scales", Category.WEIGHTS, groups(linear), DataType.FP32);
    }
  }

  /** In the place of a linear, with what its modules keep. */
  public static FakeQuantisedLinear load(Graph g, DenseLinear dense, StepSettings settings) {
    keepScales(g, dense.linear(), settings.tokens());
    boolean adapted = settings.job().adapter().isPresent();
    return new FakeQuantisedLinear(dense, settings.framework().fakeQuantiser(adapted));
  }

  private static long groups(Linear linear) {
    return linear.weightCount() / GROUP;
  }

  @Override
  public Tensor forward(Graph g, Tensor x) {
    Linear linear = dense.linear();
    long rows = x.elements() / linear.in();
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(FakeQuantising.rounded(g, x, rows, how, "fake-quantised inputs"));
      Tensor stored = dense.weight().value();
      Tensor matrix =
          scope.own(
              FakeQuantising.rounded(g, stored, groups(linear), how, "fake-quantised weights"));
      Tensor bias = dense.bias() == null ? null : dense.bias().value();
      return Matrix.linear(
          g, input, matrix, bias, rows, linear.out(), linear.lastName(), dense.resultCategory());
    }
  }
}
