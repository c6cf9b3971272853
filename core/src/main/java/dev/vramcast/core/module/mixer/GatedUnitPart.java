package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.RecurrentMixer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Griffin's recurrent block: a convolution and a gated linear recurrent unit, token by token, times
 * a GELU branch (transformers 5.24 recurrent_gemma/modeling_recurrent_gemma.py
 * RecurrentGemmaRecurrentBlock, RecurrentGemmaRglru).
 *
 * @param input of the branch, and of the unit
 */
record GatedUnitPart(
    RecurrentMixer mixer,
    StepSettings settings,
    List<Projection> input,
    MixerParameters parameters,
    Projection output)
    implements LayerPart {

  private static final String STREAM = "unit inputs";
  private static final String GATES = "unit gates";
  private static final String STATES = "unit states";

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    try (Scope names = Scope.of(g)) {
      Tensor raw = input.get(0).forward(g, x);
      Tensor branch = names.own(g.rebind(raw, Pointwise.activation(g, Aten.GELU, raw, "branch")));
      Tensor convolved = convolved(g, input.get(1).forward(g, x));
      Tensor states = names.own(g.rebind(convolved, unit(g, convolved)));
      Tensor product = names.own(Pointwise.mul(g, states, branch, "gated states"));
      return output.forward(g, product);
    }
  }

  /** {@code conv_1d(x)[..., :seq]}; takes over the argument. */
  private Tensor convolved(Graph g, Tensor x) {
    try (Scope scope = Scope.of(g)) {
      scope.own(x);
      Tensor lowered = scope.own(Pointwise.lowered(g, x));
      Tensor weight = scope.own(parameters.cast(g, "conv_1d.weight").orElseThrow());
      Tensor bias = scope.own(parameters.cast(g, "conv_1d.bias").orElseThrow());
      long kernel = weight.elements() / mixer.innerSize();
      long padded = x.elements() / settings.sequence() * (settings.sequence() + kernel - 1);
      Tensor whole = ShapeOps.convolution(g, lowered, weight, bias, padded, STREAM);
      return ShapeOps.slice(g, whole, x.elements());
    }
  }

  /** The argument stays the caller's. */
  private Tensor unit(Graph g, Tensor x) {
    try (Scope names = Scope.of(g)) {
      Tensor flat = names.own(settings.batch() == 1 ? x.hold() : Pointwise.copy(g, x, STREAM));
      Tensor first = product(g, flat, "input_gate");
      Tensor inputGate = names.own(sigmoid(g, first));
      Tensor second = g.rebind(first, product(g, flat, "recurrent_gate"));
      names.own(second);
      Tensor logs = names.own(logarithms(g, sigmoid(g, second)));
      Tensor gate = names.own(Pointwise.savingResult(g, Aten.EXP, logs, GATES));
      Tensor twice = Pointwise.scale(g, logs, GATES);
      Tensor square = names.own(g.rebind(twice, Pointwise.savingResult(g, Aten.EXP, twice, GATES)));
      Tensor gated = names.own(Pointwise.mul(g, x, inputGate, STREAM));
      Tensor factor = names.own(multiplier(g, square));
      Tensor narrow = Pointwise.cast(g, factor, x.dtype(), GATES);
      Tensor normalised = names.own(g.rebind(narrow, Pointwise.mul(g, gated, narrow, STREAM)));
      Tensor kept = names.own(Pointwise.scale(g, gate, GATES));
      return scan(g, normalised, kept);
    }
  }

  /** A product of each head with a matrix of its own, with a bias. */
  private Tensor product(Graph g, Tensor x, String name) {
    try (Scope scope = Scope.of(g)) {
      Tensor weight = scope.own(parameters.cast(g, name + "_weight").orElseThrow());
      Tensor bias = scope.own(parameters.cast(g, name + "_bias").orElseThrow());
      Tensor left = scope.own(Pointwise.lowered(g, x));
      return Matrix.linear(
          g, left, weight, bias, settings.tokens(), mixer.innerSize(), GATES, Category.ACTIVATIONS);
    }
  }

  /** What lies by heads is copied to lie by tokens. */
  private static Tensor sigmoid(Graph g, Tensor x) {
    Tensor byTokens = Pointwise.copy(g, x, GATES);
    return g.rebind(byTokens, Pointwise.savingResult(g, Aten.SIGMOID, byTokens, GATES));
  }

  /** {@code -8 * gate * softplus(param)}; takes over the gate. */
  private Tensor logarithms(Graph g, Tensor gate) {
    try (Scope scope = Scope.of(g)) {
      scope.own(gate);
      Tensor scaled = scope.own(Pointwise.scale(g, gate, GATES));
      Tensor wide =
          scope.own(Pointwise.widened(g, parameters.get("recurrent_param").value(), GATES));
      Tensor rates = scope.own(Pointwise.activation(g, Aten.SOFTPLUS, wide, GATES));
      return Pointwise.mul(g, scaled, rates, GATES);
    }
  }

  /** {@code sqrt(1 - a * a)}, 1 where a text begins. */
  private static Tensor multiplier(Graph g, Tensor square) {
    Tensor rest = Pointwise.scale(g, square, GATES);
    Tensor root = g.rebind(rest, Pointwise.activation(g, Aten.SQRT, rest, GATES));
    Tensor kept = g.rebind(root, Pointwise.scale(g, root, GATES));
    return g.rebind(kept, Pointwise.scale(g, kept, GATES));
  }

  /** {@code _rnn_scan}: the states of all tokens, in the dtype of what goes in. */
  private Tensor scan(Graph g, Tensor x, Tensor gate) {
    long each = x.elements() / settings.sequence();
    Tensor state = g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, each, DataType.FP32);
    Tensor all = g.allocate(Aten.ZEROS, STATES, Category.ACTIVATIONS, x.elements(), x.dtype());
    for (long i = 0; i < settings.sequence(); i++) {
      state = g.rebind(state, next(g, x, gate, state, each));
      Tensor narrow = Pointwise.cast(g, state, x.dtype(), STATES);
      all = g.rebind(narrow, ShapeOps.assign(g, all, narrow));
    }
    g.release(state);
    return all;
  }

  private static Tensor next(Graph g, Tensor x, Tensor gate, Tensor state, long each) {
    try (Scope scope = Scope.of(g)) {
      Tensor own = scope.own(ShapeOps.slice(g, gate.hold(), each));
      Tensor wideGate = scope.own(Pointwise.cast(g, own, DataType.FP32, GATES));
      Tensor faded = scope.own(Pointwise.mul(g, wideGate, state, STATES));
      Tensor fresh = scope.own(ShapeOps.slice(g, x.hold(), each));
      Tensor wide = scope.own(Pointwise.cast(g, fresh, DataType.FP32, STATES));
      return Pointwise.add(g, faded, wide, STATES);
    }
  }
}
