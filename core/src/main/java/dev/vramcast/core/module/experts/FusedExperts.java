package dev.vramcast.core.module.experts;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.MixtureOfExperts;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.MergedAdapter;
import dev.vramcast.core.module.part.Activations;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import org.jspecify.annotations.Nullable;

/**
 * All experts as stacked parameters, run by grouped products (transformers integrations/moe.py,
 * grouped_mm_experts_forward).
 *
 * @param upBias null without biases; then {@code downBias} is null too
 * @param upAdapter null when the stacked parameter carries no adapter, as {@code downAdapter}
 */
record FusedExperts(
    MixtureOfExperts mixture,
    StepSettings settings,
    ExpertStack up,
    ExpertStack down,
    @Nullable Parameter upBias,
    @Nullable Parameter downBias,
    @Nullable MergedAdapter upAdapter,
    @Nullable MergedAdapter downAdapter)
    implements Experts {

  @Override
  public Tensor forward(Graph g, Tensor x, Router.Choice choice) {
    try (Scope scope = Scope.of(g)) {
      Tensor[] downDelta = scope.own(delta(g, down, downAdapter));
      Tensor[] upDelta = scope.own(delta(g, up, upAdapter));
      return run(g, x, choice, upDelta, downDelta);
    }
  }

  private Tensor run(
      Graph g, Tensor x, Router.Choice choice, Tensor[] upDelta, Tensor[] downDelta) {
    long sent = settings.tokens() * mixture.topK();
    long pairs = ExpertRows.of(settings.job().parallelism(), sent);
    long hidden = mixture.hiddenSize();
    try (Scope scope = Scope.of(g)) {
      Tensor order = scope.own(Routing.indices(g, pairs));
      Tensor inverse = scope.own(Routing.indices(g, pairs));
      Tensor tokens = scope.own(Routing.indices(g, pairs));
      Tensor weights = Routing.gather(g, choice.weights(), order, pairs, "routing weights");
      Tensor[] gathered = scope.own(gather(g, x, tokens, order, pairs * hidden));
      Tensor matrix = weight(g, scope, up, upAdapter, upDelta);
      Tensor upRows = biases(g, pairs * innerFeatures(), upBias);
      Tensor inner =
          Routing.grouped(g, gathered[0], matrix, pairs * innerFeatures(), "expert gates and ups");
      inner = biased(g, inner, upRows);
      Tensor activated = activate(g, inner);
      Tensor downMatrix = weight(g, scope, down, downAdapter, downDelta);
      // One name holds both, and lets go of the first when the second is there.
      g.release(matrix);
      // The biases and the outputs are named until other ones take the name, or the function ends.
      Tensor downRows = biases(g, pairs * hidden, downBias);
      drop(g, upRows);
      Tensor output =
          g.rebind(
              downMatrix,
              activated,
              Routing.grouped(g, activated, downMatrix, pairs * hidden, "expert outputs"));
      output = biased(g, output, downRows);
      Tensor weighted =
          g.rebind(weights, Pointwise.mul(g, output, weights, "weighted expert outputs"));
      if (settings.code().mixture().masksExpertRows()) {
        weighted = Routing.maskRows(g, weighted, pairs);
      }
      Tensor restored =
          Routing.gather(g, weighted, inverse, sent * hidden, "weighted expert outputs");
      g.release(weighted);
      Tensor result = sum(g, restored, x);
      g.release(restored, output);
      drop(g, downRows);
      return result;
    }
  }

  /**
   * Rows of the hidden states in the order of their experts; before 5.2 by way of a second copy.
   */
  private Tensor[] gather(Graph g, Tensor x, Tensor tokens, Tensor order, long elements) {
    Tensor first = Routing.gather(g, x, tokens, elements, "expert inputs");
    if (!settings.code().mixture().gathersTwice()) {
      return new Tensor[] {first};
    }
    return new Tensor[] {Routing.gather(g, first, order, elements, "expert inputs"), first};
  }

  /** Nothing where there is no adapter, or it is off. */
  private Tensor[] delta(Graph g, ExpertStack stack, @Nullable MergedAdapter adapter) {
    return adapter == null || !settings.running().adapters()
        ? new Tensor[0]
        : adapter.delta(g, stack::open);
  }

  private Tensor weight(
      Graph g, Scope scope, ExpertStack stack, @Nullable MergedAdapter adapter, Tensor[] delta) {
    if (adapter == null || delta.length == 0) {
      boolean asStored = settings.code().mixture().storesInputsFirst();
      return scope.own(asStored ? stack.open(g) : stack.view(g)).hold();
    }
    Tensor merged = stack.merged(g, adapter, delta);
    return adapter.cached() ? scope.own(merged).hold() : merged;
  }

  /** Rows of the experts' biases in the order of the tokens; null without biases. */
  private static @Nullable Tensor biases(Graph g, long elements, @Nullable Parameter bias) {
    return bias == null
        ? null
        : g.allocate(Aten.INDEX, "expert biases", Category.TEMPORARIES, elements, bias.dtype());
  }

  private Tensor biased(Graph g, Tensor x, @Nullable Tensor rows) {
    if (rows == null || settings.code().mixture().addsExpertBiasesInPlace()) {
      return x;
    }
    return g.rebind(x, Pointwise.add(g, x, rows, "expert outputs"));
  }

  private static void drop(Graph g, @Nullable Tensor rows) {
    if (rows != null) {
      g.release(rows);
    }
  }

  private Tensor activate(Graph g, Tensor inner) {
    if (!mixture.gated()) {
      return g.rebind(inner, Activations.apply(g, mixture.activation(), inner));
    }
    long half = inner.elements() / 2;
    Tensor[] parts = FusedOps.split(g, inner, half, half);
    // What the gate is applied to has its name until the result takes that.
    try (Scope scope = Scope.of(g)) {
      if (mixture.activation() == Activation.CLAMPED_SWIGLU) {
        scope.own(parts[0].hold());
        return Activations.clampedSwiglu(g, parts[0], parts[1]);
      }
      if (mixture.activation() == Activation.CLAMPED_SILU) {
        scope.own(parts[0].hold());
        return Activations.clampedSilu(g, parts[0], parts[1]);
      }
      Tensor activated = Activations.apply(g, mixture.activation(), parts[0]);
      scope.own(parts[0], parts[1]);
      return g.rebind(activated, Pointwise.mul(g, activated, parts[1], "gated products"));
    }
  }

  private Tensor sum(Graph g, Tensor restored, Tensor x) {
    Tensor sum = Routing.sumOverExperts(g, restored, settings.tokens() * mixture.hiddenSize());
    return g.rebind(sum, Pointwise.cast(g, sum, x.dtype(), "expert sums"));
  }

  private long innerFeatures() {
    return (mixture.gated() ? 2 : 1) * mixture.intermediateSize();
  }
}
