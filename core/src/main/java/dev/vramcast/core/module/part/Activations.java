package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Chain;
import dev.vramcast.core.autograd.op.Scope;
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
    return Chain.of(
            g,
            Pointwise.scale(g, x, OUTPUTS),
            Chain.of(g, Pointwise.widened(g, x, OUTPUTS))
                .then(base -> Pointwise.square(g, base, OUTPUTS))
                .then(cube -> Pointwise.scale(g, cube, OUTPUTS))
                .then(scaledCube -> Pointwise.add(g, x, scaledCube, OUTPUTS))
                .then(sum -> Pointwise.scale(g, sum, OUTPUTS))
                .then(scaled -> Pointwise.savingResult(g, Aten.TANH, scaled, OUTPUTS))
                .then(tanh -> Pointwise.scale(g, tanh, OUTPUTS))
                .result())
        .then((half, onePlus) -> Pointwise.mul(g, half, onePlus, OUTPUTS))
        .result();
  }

  /** transformers GptOssExperts._apply_gate; takes over both arguments. */
  public static Tensor clampedSwiglu(Graph g, Tensor gate, Tensor up) {
    try (Scope scope = Scope.of(g)) {
      Tensor clampedGate = scope.own(Pointwise.activation(g, Aten.CLAMP, gate, OUTPUTS));
      Tensor clampedUp = scope.own(Pointwise.activation(g, Aten.CLAMP, up, OUTPUTS));
      g.release(gate, up);
      return Chain.of(
              g,
              Chain.of(g, Pointwise.scale(g, clampedGate, OUTPUTS))
                  .then(scaled -> Pointwise.savingResult(g, Aten.SIGMOID, scaled, OUTPUTS))
                  .then(sigmoid -> Pointwise.mul(g, clampedGate, sigmoid, OUTPUTS))
                  .result(),
              Pointwise.scale(g, clampedUp, OUTPUTS))
          .then((swish, onePlus) -> Pointwise.mul(g, onePlus, swish, "gated products"))
          .result();
    }
  }

  /** transformers ReLUSquaredActivation; autocast squares in fp32. */
  private static Tensor reluSquared(Graph g, Tensor x) {
    return Chain.of(g, Pointwise.savingResult(g, Aten.RELU, x, OUTPUTS))
        .then(relu -> Pointwise.widened(g, relu, OUTPUTS))
        .then(base -> Pointwise.square(g, base, OUTPUTS))
        .result();
  }
}
