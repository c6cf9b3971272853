package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.trace.Aten;

/** The non-linearities of MLPs, as one kernel or as the Python expression they are. */
public final class Activations {

  private static final String OUTPUTS = "activation outputs";

  private Activations() {}

  public static Tensor apply(Graph g, Activation activation, Tensor x) {
    return switch (activation) {
      case SILU -> Pointwise.activation(g, Aten.SILU, x, OUTPUTS);
      case GELU, GELU_TANH -> Pointwise.activation(g, Aten.GELU, x, OUTPUTS);
      case RELU -> Pointwise.savingResult(g, Aten.RELU, x, OUTPUTS);
      case GELU_NEW -> geluNew(g, x);
      case RELU_SQUARED -> reluSquared(g, x);
      case CLAMPED_SWIGLU ->
          throw new IllegalStateException("the clamped SwiGLU belongs to fused experts");
    };
  }

  /**
   * transformers NewGELUActivation: {@code 0.5 * x * (1 + tanh(c * (x + 0.044715 * pow(x, 3))))};
   * autocast runs {@code pow} in fp32, and what follows with it.
   */
  private static Tensor geluNew(Graph g, Tensor x) {
    Tensor half = Pointwise.scale(g, x, OUTPUTS);
    Tensor base =
        g.autocast()
            ? Pointwise.cast(g, x, dev.vramcast.core.units.DataType.FP32, OUTPUTS)
            : x.hold();
    Tensor cube = Pointwise.square(g, base, OUTPUTS);
    g.release(base);
    Tensor scaledCube = Pointwise.scale(g, cube, OUTPUTS);
    g.release(cube);
    Tensor sum = Pointwise.add(g, x, scaledCube, OUTPUTS);
    g.release(scaledCube);
    Tensor scaled = Pointwise.scale(g, sum, OUTPUTS);
    g.release(sum);
    Tensor tanh = Pointwise.savingResult(g, Aten.TANH, scaled, OUTPUTS);
    g.release(scaled);
    Tensor onePlus = Pointwise.scale(g, tanh, OUTPUTS);
    g.release(tanh);
    Tensor result = Pointwise.mul(g, half, onePlus, OUTPUTS);
    g.release(half, onePlus);
    return result;
  }

  /** transformers GptOssExperts._apply_gate; takes over both arguments. */
  public static Tensor clampedSwiglu(Graph g, Tensor gate, Tensor up) {
    Tensor clampedGate = Pointwise.activation(g, Aten.CLAMP, gate, OUTPUTS);
    Tensor clampedUp = Pointwise.activation(g, Aten.CLAMP, up, OUTPUTS);
    g.release(gate, up);
    Tensor scaled = Pointwise.scale(g, clampedGate, OUTPUTS);
    Tensor sigmoid = Pointwise.savingResult(g, Aten.SIGMOID, scaled, OUTPUTS);
    g.release(scaled);
    Tensor swish = Pointwise.mul(g, clampedGate, sigmoid, OUTPUTS);
    g.release(sigmoid);
    Tensor onePlus = Pointwise.scale(g, clampedUp, OUTPUTS);
    Tensor product = Pointwise.mul(g, onePlus, swish, "gated products");
    g.release(onePlus, swish);
    g.release(clampedGate, clampedUp);
    return product;
  }

  /** transformers ReLUSquaredActivation; autocast squares in fp32. */
  private static Tensor reluSquared(Graph g, Tensor x) {
    Tensor relu = Pointwise.savingResult(g, Aten.RELU, x, OUTPUTS);
    Tensor base =
        g.autocast()
            ? Pointwise.cast(g, relu, dev.vramcast.core.units.DataType.FP32, OUTPUTS)
            : relu.hold();
    g.release(relu);
    Tensor squared = Pointwise.square(g, base, OUTPUTS);
    g.release(base);
    return squared;
  }
}
