package dev.vramcast.core.module;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Chain;
import dev.vramcast.core.autograd.op.Scope;
import dev.vramcast.core.code.SequenceSplit;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.PerLayerInputPart;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.shard.ShardUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One decoder layer. Norms and parts that the layer does not have are null.
 *
 * <p>The model's loop holds the layer's input until the layer returns, so it is freed last.
 */
public record LayerModule(
    LayerScopes scopes,
    DecoderLayer layer,
    @Nullable LayerPart mixer,
    @Nullable LayerPart mlp,
    LayerNorms norms,
    Extras extras,
    SequenceSplit split,
    ShardUnit unit) {

  /** What layers of some families have beside mixer and MLP. */
  record Extras(@Nullable PerLayerInputPart perLayer, @Nullable AltUpLayer altUp) {}

  LayerModule in(ShardUnit other) {
    return new LayerModule(scopes, layer, mixer, mlp, norms, extras, split, other);
  }

  /** Runs the layer; takes over {@code hidden}. */
  public Tensor forward(Graph g, Tensor hidden, SharedInputs shared) {
    return g.site().within(scopes.layer(), () -> run(g, hidden, shared));
  }

  private Tensor run(Graph g, Tensor hidden, SharedInputs shared) {
    AltUpLayer altUp = extras.altUp();
    if (altUp != null) {
      Tensor streams = altUp.forward(g, hidden, shared, this);
      g.release(hidden);
      return streams;
    }
    Tensor result =
        switch (layer.wiring()) {
          case SEQUENTIAL -> sequential(g, hidden, shared);
          case PARALLEL -> parallel(g, hidden, shared);
          case POST_RESIDUAL -> postResidual(g, hidden, shared);
        };
    g.release(hidden);
    PerLayerInputPart perLayer = extras.perLayer();
    return perLayer == null ? result : withPerLayerInput(g, perLayer, result, shared);
  }

  /** Takes over {@code hidden}; the result is multiplied with a constant in place. */
  private static Tensor withPerLayerInput(
      Graph g, PerLayerInputPart part, Tensor hidden, SharedInputs shared) {
    Tensor output = part.forward(g, hidden, shared);
    Tensor sum = Pointwise.add(g, hidden, output, "hidden states");
    g.release(hidden, output);
    return sum;
  }

  private Tensor sequential(Graph g, Tensor hidden, SharedInputs shared) {
    if (mixer == null) {
      return branch(g, hidden, mlp, norms.beforeMlp(), norms.afterMlp(), shared);
    }
    Tensor middle = branch(g, hidden, mixer, norms.beforeMixer(), norms.afterMixer(), shared);
    if (mlp == null) {
      return middle;
    }
    Tensor result = branch(g, middle, mlp, norms.beforeMlp(), norms.afterMlp(), shared);
    g.release(middle);
    return result;
  }

  /** {@code residual + after(part(before(residual)))}. */
  private Tensor branch(
      Graph g,
      Tensor residual,
      @Nullable LayerPart part,
      @Nullable Norms before,
      @Nullable Norms after,
      SharedInputs shared) {
    Tensor input = before == null ? residual.hold() : before.forward(g, residual);
    Tensor output = run(g, part, input, shared);
    if (after != null) {
      output = Chain.of(g, output).then(t -> after.forward(g, t)).result();
    }
    return addTo(g, residual, output);
  }

  /** Runs a part on all tokens; takes over its input. */
  private Tensor run(Graph g, @Nullable LayerPart part, Tensor input, SharedInputs shared) {
    Tensor output =
        Chain.of(g, split.gather(g, input))
            .then(all -> part == mixer ? mixed(g, all, shared) : transformed(g, all, shared))
            .result();
    return split.scatter(g, output);
  }

  /** The mixer's output; the argument stays the caller's. */
  Tensor mixed(Graph g, Tensor input, SharedInputs shared) {
    return g.site()
        .within(scopes.mixer(), () -> Objects.requireNonNull(mixer).forward(g, input, shared));
  }

  /** The MLP's output; the argument stays the caller's. */
  Tensor transformed(Graph g, Tensor input, SharedInputs shared) {
    return g.site()
        .within(scopes.mlp(), () -> Objects.requireNonNull(mlp).forward(g, input, shared));
  }

  private Tensor addTo(Graph g, Tensor residual, Tensor output) {
    Tensor added = output;
    if (layer.scaledResidual()) {
      added = Pointwise.scale(g, output, "scaled outputs");
      g.release(output);
    }
    try (Scope scope = Scope.of(g)) {
      Tensor dropped =
          scope.own(Pointwise.dropout(g, added, layer.residualDropout(), "outputs after dropout"));
      g.release(added);
      return Pointwise.add(g, residual, dropped, "hidden states");
    }
  }

  private Tensor parallel(Graph g, Tensor hidden, SharedInputs shared) {
    Tensor mixerInput = Objects.requireNonNull(norms.beforeMixer()).forward(g, hidden);
    Norms beforeMlp = norms.beforeMlp();
    Tensor mlpInput = beforeMlp == null ? mixerInput.hold() : beforeMlp.forward(g, hidden);
    Tensor both =
        Chain.of(g, run(g, mixer, mixerInput, shared), run(g, mlp, mlpInput, shared))
            .then(
                (attended, transformed) -> Pointwise.add(g, transformed, attended, "hidden states"))
            .result();
    return addTo(g, hidden, both);
  }

  private Tensor postResidual(Graph g, Tensor hidden, SharedInputs shared) {
    return Chain.of(g, normalisedSum(g, hidden, mixer, norms.afterMixer(), shared))
        .then(middle -> normalisedSum(g, middle, mlp, norms.afterMlp(), shared))
        .result();
  }

  private Tensor normalisedSum(
      Graph g,
      Tensor residual,
      @Nullable LayerPart part,
      @Nullable Norms norm,
      SharedInputs shared) {
    return Chain.of(g, addTo(g, residual, run(g, part, residual.hold(), shared)))
        .then(sum -> Objects.requireNonNull(norm).forward(g, sum))
        .result();
  }
}
