package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.InnerDropout;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.module.linear.DenseLinear;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Operation;
import java.util.Optional;
import java.util.OptionalDouble;

/** The non-linearities of MLPs, as one kernel or as the Python expression they are. */
public final class Activations {

  private static final String OUTPUTS = "activation outputs";

  private static final String BLOOM = "transformers/models/bloom/modeling_bloom.py GeLUFunction";

  private static final Operation GELU_FUNCTION =
      Operation.of("GeLUFunction", BLOOM + ".forward")
          .backward("GeLUFunction backward", BLOOM + ".backward");

  private static final String SQUARES = "liger_kernel/ops/relu_squared.py relu_squared_";

  private static final Operation LIGER_RELU_SQUARED =
      Operation.of("LigerReLUSquaredFunction", SQUARES + "forward")
          .backward("LigerReLUSquaredFunction backward", SQUARES + "backward");

  private Activations() {}

  /** A module of its own, e.g. {@code act_fn}. */
  public static Tensor apply(Graph g, Activation activation, Tensor x) {
    try (Scope frame = Scope.of(g, g.site().module().inner())) {
      return frame.result(run(g, activation, x));
    }
  }

  private static Tensor run(Graph g, Activation activation, Tensor x) {
    return switch (activation) {
      case SILU -> Pointwise.activation(g, Aten.SILU, x, OUTPUTS);
      case GELU, GELU_TANH -> Pointwise.activation(g, Aten.GELU, x, OUTPUTS);
      case RELU -> Pointwise.savingResult(g, Aten.RELU, x, OUTPUTS);
      case GELU_NEW -> geluNew(g, x);
      case GELU_ERF -> geluErf(g, x);
      case GELU_FUNCTION -> geluFunction(g, x);
      case QUICK_GELU -> quickGelu(g, x);
      case RELU_SQUARED -> reluSquared(g, x);
      case RELU_SQUARED_KERNEL -> Pointwise.activation(g, LIGER_RELU_SQUARED, x, OUTPUTS);
      case CLAMPED_SWIGLU, CLAMPED_SILU, SILU_CLAMPED ->
          throw new IllegalStateException("a clamped gate comes with its up");
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
    Tensor dropped = g.rebind(x, Pointwise.dropout(g, x, OptionalDouble.of(rate), called, OUTPUTS));
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

  /** transformers models/esm/modeling_esm.py gelu: {@code x * 0.5 * (1 + erf(x / sqrt(2)))}. */
  private static Tensor geluErf(Graph g, Tensor x) {
    Tensor half = Pointwise.scale(g, x, OUTPUTS);
    Tensor scaled = Pointwise.scale(g, x, OUTPUTS);
    Tensor erf = g.rebind(scaled, erf(g, scaled));
    Tensor onePlus = g.rebind(erf, Pointwise.scale(g, erf, OUTPUTS));
    return g.rebind(half, onePlus, Pointwise.mul(g, half, onePlus, OUTPUTS));
  }

  /** Saves its input; {@code c * exp(-x.pow(2)) * grad} of tools/autograd/derivatives.yaml. */
  private static Tensor erf(Graph g, Tensor x) {
    Tensor result = g.withoutGrad(() -> Pointwise.activation(g, Aten.ERF, x, OUTPUTS));
    Node node = g.node(Aten.ERF, (graph, n) -> n.outgoing[0] = erfBackward(graph, n), x);
    if (node == null) {
      return result;
    }
    g.save(node, x);
    return g.withSource(result, node);
  }

  /** Temporaries of one expression of C++ live until it has ended. */
  private static Tensor erfBackward(Graph g, Node n) {
    Tensor x = n.saved[0];
    try (Scope scope = Scope.of(g)) {
      Tensor square = scope.own(Pointwise.scale(g, x, OUTPUTS));
      Tensor negative = scope.own(Pointwise.scale(g, square, OUTPUTS));
      Tensor exp = scope.own(Pointwise.scale(g, negative, OUTPUTS));
      scope.own(Pointwise.scale(g, exp, OUTPUTS));
      return Pointwise.gradientLike(g, x);
    }
  }

  /**
   * transformers/models/bloom/modeling_bloom.py GeLUFunction: saves its input, and writes both
   * passes out.
   */
  private static Tensor geluFunction(Graph g, Tensor x) {
    Tensor result = g.withoutGrad(() -> bloomForward(g, x));
    Node node = g.node(GELU_FUNCTION, (graph, n) -> n.outgoing[0] = bloomBackward(graph, n), x);
    if (node == null) {
      return result;
    }
    g.save(node, x);
    return g.withSource(result, node);
  }

  /** {@code x * 0.5 * (1.0 + tanh(c * x * (1 + 0.044715 * x * x)))}. */
  private static Tensor bloomForward(Graph g, Tensor x) {
    Tensor half = Pointwise.scale(g, x, OUTPUTS);
    Tensor tanh = bloomTanh(g, x);
    Tensor onePlus = g.rebind(tanh, Pointwise.scale(g, tanh, OUTPUTS));
    return g.rebind(half, onePlus, Pointwise.mul(g, half, onePlus, OUTPUTS));
  }

  private static Tensor bloomTanh(Graph g, Tensor x) {
    Tensor scaled = Pointwise.scale(g, x, OUTPUTS);
    Tensor inner = bloomSquare(g, x);
    Tensor product = g.rebind(scaled, inner, Pointwise.mul(g, scaled, inner, OUTPUTS));
    return g.rebind(product, Pointwise.scale(g, product, OUTPUTS));
  }

  /** {@code number + number * x * x}. */
  private static Tensor bloomSquare(Graph g, Tensor x) {
    Tensor factor = Pointwise.scale(g, x, OUTPUTS);
    Tensor square = g.rebind(factor, Pointwise.mul(g, factor, x, OUTPUTS));
    return g.rebind(square, Pointwise.scale(g, square, OUTPUTS));
  }

  /**
   * {@code bloom_gelu_back}: {@code 0.5 * x * ((1 - t * t) * (a + b * x * x)) + 0.5 * (1 + t)}
   * times the gradient, of {@code t} as in the forward pass.
   */
  private static Tensor bloomBackward(Graph g, Node n) {
    Tensor x = n.saved[0];
    try (Scope scope = Scope.of(g)) {
      Tensor tanh = scope.own(bloomTanh(g, x));
      Tensor half = Pointwise.scale(g, x, OUTPUTS);
      Tensor square = Pointwise.mul(g, tanh, tanh, OUTPUTS);
      Tensor rest = g.rebind(square, Pointwise.scale(g, square, OUTPUTS));
      Tensor second = bloomSquare(g, x);
      Tensor slope = g.rebind(rest, second, Pointwise.mul(g, rest, second, OUTPUTS));
      Tensor first = g.rebind(half, slope, Pointwise.mul(g, half, slope, OUTPUTS));
      Tensor onePlus = Pointwise.scale(g, tanh, OUTPUTS);
      Tensor likely = g.rebind(onePlus, Pointwise.scale(g, onePlus, OUTPUTS));
      scope.own(g.rebind(first, likely, Pointwise.add(g, first, likely, OUTPUTS)));
      return Pointwise.gradientLike(g, x);
    }
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

  /** transformers DeepseekV4Experts._apply_gate; takes over both arguments. */
  public static Tensor clampedSilu(Graph g, Tensor gate, Tensor up) {
    try (Scope scope = Scope.of(g)) {
      Tensor clampedGate = scope.own(clamped(g, gate));
      Tensor clampedUp = scope.own(clamped(g, up));
      Tensor activated = apply(g, Activation.SILU, clampedGate);
      return g.rebind(activated, Pointwise.mul(g, activated, clampedUp, "gated products"));
    }
  }

  /** transformers Step3p7Experts._apply_gate; takes over both arguments. */
  public static Tensor siluClamped(Graph g, Tensor gate, Tensor up) {
    try (Scope scope = Scope.of(g)) {
      Tensor activated = g.rebind(gate, apply(g, Activation.SILU, gate));
      Tensor clampedGate = scope.own(clamped(g, activated));
      Tensor clampedUp = scope.own(clamped(g, up));
      return Pointwise.mul(g, clampedGate, clampedUp, "gated products");
    }
  }

  /** Saves its input, which it takes over. */
  static Tensor clamped(Graph g, Tensor x) {
    return g.rebind(x, Pointwise.activation(g, Aten.CLAMP, x, OUTPUTS));
  }

  /** transformers ReLUSquaredActivation; autocast squares in fp32. */
  private static Tensor reluSquared(Graph g, Tensor x) {
    Tensor relu = Pointwise.savingResult(g, Aten.RELU, x, OUTPUTS);
    Tensor base = g.rebind(relu, Pointwise.widened(g, relu, OUTPUTS));
    return g.rebind(base, Pointwise.square(g, base, OUTPUTS));
  }
}
