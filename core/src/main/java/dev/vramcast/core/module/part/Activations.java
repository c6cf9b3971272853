package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.InnerDropout;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.trace.Aten;
import java.util.Optional;

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
      case QUICK_GELU -> quickGelu(g, x);
      case RELU_SQUARED -> reluSquared(g, x);
      case CLAMPED_SWIGLU ->
          throw new IllegalStateException("the clamped SwiGLU belongs to fused experts");
      case XIELU -> throw new IllegalStateException("xIELU has parameters, which the MLP gives it");
    };
  }

  /**
   * What the last projection of an MLP reads of an activation's result, which is taken over, and
   * which it is where nothing happens (transformers T5DenseActDense.forward).
   */
  static Tensor dropped(
      Graph g, Tensor x, Optional<InnerDropout> inner, Projection down, boolean called) {
    if (inner.isEmpty()) {
      return x;
    }
    double rate = inner.get().rate();
    Tensor dropped = g.rebind(x, Pointwise.dropout(g, x, rate, called, OUTPUTS));
    return inner.get().casts() && down.base() instanceof DenseLinear dense
        ? g.rebind(dropped, Pointwise.cast(g, dropped, dense.weight().dtype(), OUTPUTS))
        : dropped;
  }

  /**
   * transformers NewGELUActivation: {@code 0.5 * x * (1 + tanh(c * (x + 0.044715 * pow(x, 3))))};
   * autocast runs {@code pow} in fp32, and what follows with it.
   */
  private static Tensor geluNew(Graph g, Tensor x) {
    Tensor half = Pointwise.scale(g, x, OUTPUTS);
    Tensor base = Pointwise.widened(g, x, OUTPUTS);
    Tensor cube = g.rebind(base, Pointwise.square(g, base, OUTPUTS));
    Tensor scaledCube = g.rebind(cube, Pointwise.scale(g, cube, OUTPUTS));
    Tensor sum = g.rebind(scaledCube, Pointwise.add(g, x, scaledCube, OUTPUTS));
    Tensor scaled = g.rebind(sum, Pointwise.scale(g, sum, OUTPUTS));
    Tensor tanh = g.rebind(scaled, Pointwise.savingResult(g, Aten.TANH, scaled, OUTPUTS));
    Tensor onePlus = g.rebind(tanh, Pointwise.scale(g, tanh, OUTPUTS));
    return g.rebind(half, onePlus, Pointwise.mul(g, half, onePlus, OUTPUTS));
  }

  /** transformers QuickGELUActivation. */
  private static Tensor quickGelu(Graph g, Tensor x) {
    Tensor scaled = Pointwise.scale(g, x, OUTPUTS);
    Tensor sigmoid = g.rebind(scaled, Pointwise.savingResult(g, Aten.SIGMOID, scaled, OUTPUTS));
    return g.rebind(sigmoid, Pointwise.mul(g, x, sigmoid, OUTPUTS));
  }

  /** transformers GptOssExperts._apply_gate; takes over both arguments. */
  public static Tensor clampedSwiglu(Graph g, Tensor gate, Tensor up) {
    try (Scope scope = Scope.of(g)) {
      Tensor clampedGate = scope.own(Pointwise.activation(g, Aten.CLAMP, gate, OUTPUTS));
      Tensor clampedUp = scope.own(Pointwise.activation(g, Aten.CLAMP, up, OUTPUTS));
      g.release(gate, up);
      Tensor scaled = Pointwise.scale(g, clampedGate, OUTPUTS);
      Tensor sigmoid = g.rebind(scaled, Pointwise.savingResult(g, Aten.SIGMOID, scaled, OUTPUTS));
      Tensor swish = g.rebind(sigmoid, Pointwise.mul(g, clampedGate, sigmoid, OUTPUTS));
      Tensor onePlus = Pointwise.scale(g, clampedUp, OUTPUTS);
      return g.rebind(swish, onePlus, Pointwise.mul(g, onePlus, swish, "gated products"));
    }
  }

  /** transformers ReLUSquaredActivation; autocast squares in fp32. */
  private static Tensor reluSquared(Graph g, Tensor x) {
    Tensor relu = Pointwise.savingResult(g, Aten.RELU, x, OUTPUTS);
    Tensor base = g.rebind(relu, Pointwise.widened(g, relu, OUTPUTS));
    return g.rebind(base, Pointwise.square(g, base, OUTPUTS));
  }
}
