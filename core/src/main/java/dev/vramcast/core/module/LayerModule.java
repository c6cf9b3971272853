package dev.vramcast.core.module;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.traits.HeldOutput;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Checkpoints;
import dev.vramcast.core.code.SequenceSplit;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.PerLayerInputPart;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.module.stream.HyperConnectionPart;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.UnaryOperator;
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
    Around around,
    ShardUnit unit) {

  /**
   * What runs around mixer and MLP, whatever they are.
   *
   * @param checkpointsParts mixer, MLP and the norms before them are a checkpoint each
   * @param checkpointsAfter so are the norms after them
   * @param held what lives until the layer returns, as its code has a name for it
   * @param callsDropout what is added to the residual stream is dropped out by a function, not by a
   *     module
   */
  record Around(
      SequenceSplit split,
      boolean checkpointsParts,
      boolean checkpointsAfter,
      Set<HeldOutput> held,
      boolean callsDropout) {

    static Around of(StepSettings settings) {
      return new Around(
          settings.sequenceSplit(),
          settings.checkpointsParts(),
          settings.checkpointsParts() && settings.job().parallelism().checkpointsParts(),
          settings.code().held(),
          settings.code().callsDropout());
    }

    boolean holds(HeldOutput output) {
      return held.contains(output);
    }
  }

  /** What layers of some families have beside mixer and MLP. */
  record Extras(
      @Nullable PerLayerInputPart perLayer,
      @Nullable AltUpLayer altUp,
      @Nullable Cross cross,
      @Nullable Connections connections) {}

  /** What stands between the streams of hidden states and mixer and MLP. */
  record Connections(HyperConnectionPart mixer, HyperConnectionPart mlp) {}

  /** Cross-attention between mixer and MLP, with the norm of its input or of the sum. */
  record Cross(Norms before, LayerPart part) {}

  /** Whether it reads what an encoder has made. */
  public boolean looks() {
    return layer.mixer() instanceof CrossAttention || layer.extras().cross().isPresent();
  }

  /** The layer as a module. */
  public ModuleScope scope() {
    return scopes.layer();
  }

  LayerModule in(ShardUnit other) {
    return new LayerModule(scopes, layer, mixer, mlp, norms, extras, around, other);
  }

  /** Runs the layer; takes over {@code hidden}. */
  public Tensor forward(Graph g, Tensor hidden, SharedInputs shared) {
    try (Scope frame = Scope.of(g, scopes.layer())) {
      return frame.result(run(g, hidden, shared));
    } finally {
      shared.endLayer(g);
    }
  }

  private Tensor run(Graph g, Tensor hidden, SharedInputs shared) {
    AltUpLayer altUp = extras.altUp();
    if (altUp != null) {
      return g.rebind(hidden, altUp.forward(g, hidden, shared, this));
    }
    Connections connections = extras.connections();
    if (connections != null) {
      return g.rebind(hidden, connected(g, hidden, connections, shared));
    }
    Tensor result =
        switch (layer.wiring()) {
          case SEQUENTIAL -> sequential(g, hidden, shared);
          case PARALLEL -> parallel(g, hidden, shared, true);
          case PARALLEL_SUM -> parallel(g, hidden, shared, false);
          case POST_RESIDUAL -> postResidual(g, hidden, shared);
          case NORMED -> normed(g, hidden, shared);
          case WIDE -> wide(g, hidden, shared);
          case GATED -> gated(g, hidden, shared);
        };
    g.release(hidden);
    PerLayerInputPart perLayer = extras.perLayer();
    return perLayer == null ? result : withPerLayerInput(g, perLayer, result, shared);
  }

  /** transformers DeepseekV4DecoderLayer.forward. */
  private Tensor connected(Graph g, Tensor streams, Connections of, SharedInputs shared) {
    try (Scope scope = Scope.of(g)) {
      HyperConnectionPart.Mix first = of.mixer().forward(g, streams);
      Tensor input = Objects.requireNonNull(norms.beforeMixer()).forward(g, first.collapsed());
      Tensor attended = scope.own(run(g, mixer, input, shared));
      Tensor middle = scope.own(first.expanded(g, streams, attended));
      HyperConnectionPart.Mix second = of.mlp().forward(g, middle);
      first.release(g);
      Tensor read = Objects.requireNonNull(norms.beforeMlp()).forward(g, second.collapsed());
      Tensor made = scope.own(run(g, mlp, read, shared));
      Tensor result = second.expanded(g, middle, made);
      second.release(g);
      return result;
    }
  }

  /** Takes over {@code hidden}; the result is multiplied with a constant in place. */
  private static Tensor withPerLayerInput(
      Graph g, PerLayerInputPart part, Tensor hidden, SharedInputs shared) {
    Tensor output = part.forward(g, hidden, shared);
    return g.rebind(hidden, output, Pointwise.add(g, hidden, output, "hidden states"));
  }

  private Tensor sequential(Graph g, Tensor hidden, SharedInputs shared) {
    if (mixer == null) {
      return branch(g, hidden, mlp, norms.beforeMlp(), norms.afterMlp(), shared);
    }
    try (Scope scope = Scope.of(g)) {
      Tensor mixed = mixed(g, hidden, scope, shared);
      Tensor added = added(g, mixed, layer.dropout().mixer());
      Tensor middle = Pointwise.add(g, hidden, added, "hidden states");
      if (mlp == null || !around.holds(HeldOutput.MIXER)) {
        g.release(added);
      } else {
        scope.own(added);
      }
      if (extras.cross() != null) {
        middle = g.rebind(middle, crossed(g, middle, extras.cross(), shared));
      }
      return mlp == null
          ? middle
          : g.rebind(middle, branch(g, middle, mlp, norms.beforeMlp(), norms.afterMlp(), shared));
    }
  }

  /** transformers MiniMaxDecoderLayer.forward. */
  private Tensor normed(Graph g, Tensor hidden, SharedInputs shared) {
    Tensor middle = normedSum(g, hidden, mixer, norms.beforeMixer(), shared);
    return g.rebind(middle, normedSum(g, middle, mlp, norms.beforeMlp(), shared));
  }

  /** {@code norm(x) * alpha + part(norm(x)) * beta}. */
  private Tensor normedSum(
      Graph g, Tensor x, @Nullable LayerPart part, @Nullable Norms before, SharedInputs shared) {
    try (Scope scope = Scope.of(g)) {
      Tensor residual = scope.own(Objects.requireNonNull(before).forward(g, x));
      Tensor output = scope.own(run(g, part, residual.hold(), shared));
      Tensor kept = scope.own(Pointwise.scale(g, residual, "scaled residual"));
      Tensor added = scope.own(Pointwise.scale(g, output, "scaled outputs"));
      return Pointwise.add(g, kept, added, "hidden states");
    }
  }

  /** transformers Mamba2Block: what is normalised has the dtype of the norm's weight. */
  private Tensor wide(Graph g, Tensor hidden, SharedInputs shared) {
    Norms before = Objects.requireNonNull(norms.beforeMixer());
    DataType narrow = Objects.requireNonNull(before.weight()).dtype();
    try (Scope scope = Scope.of(g)) {
      Tensor input = Pointwise.cast(g, hidden, narrow, "hidden states as the norm's weight");
      Tensor normalised = g.rebind(input, before.forward(g, input));
      Tensor residual = scope.own(Pointwise.cast(g, hidden, DataType.FP32, "hidden states"));
      Tensor output = g.rebind(normalised, mixed(g, normalised, shared));
      return g.rebind(output, Pointwise.add(g, residual, output, "hidden states"));
    }
  }

  private Tensor mixed(Graph g, Tensor hidden, Scope names, SharedInputs shared) {
    Norms before = norms.beforeMixer();
    if (!around.holds(HeldOutput.NORMS) || before == null) {
      return output(g, hidden, mixer, before, norms.afterMixer(), shared);
    }
    Tensor input = names.own(before.forward(g, hidden));
    return output(g, input, mixer, null, norms.afterMixer(), shared);
  }

  /** transformers WhisperDecoderLayer: a second attention, to what an encoder has made. */
  private Tensor crossed(Graph g, Tensor residual, Cross cross, SharedInputs shared) {
    Tensor input = cross.before().forward(g, residual);
    Tensor output = g.rebind(input, cross.part().forward(g, input, shared));
    return addTo(g, residual, output, layer.dropout().mixer());
  }

  /** {@code residual + after(part(before(residual)))}. */
  private Tensor branch(
      Graph g,
      Tensor residual,
      @Nullable LayerPart part,
      @Nullable Norms before,
      @Nullable Norms after,
      SharedInputs shared) {
    return addTo(g, residual, output(g, residual, part, before, after, shared), rate(part));
  }

  private Tensor output(
      Graph g,
      Tensor residual,
      @Nullable LayerPart part,
      @Nullable Norms before,
      @Nullable Norms after,
      SharedInputs shared) {
    Tensor input = before == null ? residual.hold() : checkpointed(g, residual.hold(), before);
    Tensor output = checkpointed(g, input, x -> run(g, part, x, shared));
    return after == null ? output : after(g, output, after);
  }

  /** A norm behind a part; takes over its input. */
  private Tensor after(Graph g, Tensor input, Norms norm) {
    return around.checkpointsAfter()
        ? checkpointed(g, input, norm)
        : g.rebind(input, norm.forward(g, input));
  }

  /** As below, of a norm. */
  private Tensor checkpointed(Graph g, Tensor input, Norms norm) {
    return checkpointed(g, input, x -> g.rebind(x, norm.forward(g, x)));
  }

  /** Runs a part, which takes over its input, as a checkpoint where parts are. */
  private Tensor checkpointed(Graph g, Tensor input, UnaryOperator<Tensor> part) {
    return around.checkpointsParts() ? Checkpoints.nonReentrant(g, input, part) : part.apply(input);
  }

  private Tensor run(Graph g, @Nullable LayerPart part, Tensor input, SharedInputs shared) {
    try (Scope own = Scope.of(g)) {
      return run(g, part, input, shared, own);
    }
  }

  /** Runs a part on all tokens; takes over its input. What the layer names lives with it. */
  private Tensor run(
      Graph g, @Nullable LayerPart part, Tensor input, SharedInputs shared, Scope layer) {
    Tensor all = around.split().gather(g, input);
    Tensor output = part == mixer ? mixed(g, all, shared) : transformed(g, all, shared, layer);
    boolean takenOver = part != mixer && Objects.requireNonNull(part).takesOver();
    return around.split().scatter(g, takenOver ? output : g.rebind(all, output));
  }

  /** The mixer's output; the argument stays the caller's. */
  Tensor mixed(Graph g, Tensor input, SharedInputs shared) {
    try (Scope frame = Scope.of(g, scopes.mixer())) {
      return frame.result(Objects.requireNonNull(mixer).forward(g, input, shared));
    }
  }

  /** The MLP's output; the argument stays the caller's. */
  Tensor transformed(Graph g, Tensor input, SharedInputs shared, Scope layer) {
    try (Scope frame = Scope.of(g, scopes.mlp())) {
      return frame.result(Objects.requireNonNull(mlp).forward(g, input, shared, layer));
    }
  }

  private Tensor addTo(Graph g, Tensor residual, Tensor output, OptionalDouble rate) {
    try (Scope scope = Scope.of(g)) {
      return Pointwise.add(g, residual, scope.own(added(g, output, rate)), "hidden states");
    }
  }

  /** What is added to the residual stream; takes over the argument. */
  private Tensor added(Graph g, Tensor output, OptionalDouble rate) {
    Tensor scaled =
        layer.scaledResidual()
            ? g.rebind(output, Pointwise.scale(g, output, "scaled outputs"))
            : output;
    return dropped(g, scaled, rate);
  }

  /** Takes over the argument. */
  private Tensor dropped(Graph g, Tensor output, OptionalDouble rate) {
    return g.rebind(
        output, Pointwise.dropout(g, output, rate, around.callsDropout(), "outputs after dropout"));
  }

  private OptionalDouble rate(@Nullable LayerPart part) {
    return part == mixer ? layer.dropout().mixer() : layer.dropout().mlp();
  }

  private Tensor parallel(Graph g, Tensor hidden, SharedInputs shared, boolean dropsEach) {
    Norms beforeMixer = Objects.requireNonNull(norms.beforeMixer());
    Tensor mixerInput = checkpointed(g, hidden.hold(), beforeMixer);
    Norms beforeMlp = norms.beforeMlp();
    Tensor mlpInput =
        beforeMlp == null ? mixerInput.hold() : checkpointed(g, hidden.hold(), beforeMlp);
    try (Scope scope = Scope.of(g)) {
      if (around.holds(HeldOutput.NORMS)) {
        scope.own(mixerInput.hold());
        scope.own(mlpInput.hold());
      }
      Tensor attended = checkpointed(g, mixerInput, x -> run(g, mixer, x, shared));
      attended = dropsEach ? dropped(g, attended, rate(mixer)) : attended;
      Tensor transformed = checkpointed(g, mlpInput, x -> run(g, mlp, x, shared));
      transformed = dropsEach ? dropped(g, transformed, rate(mlp)) : transformed;
      Tensor both =
          g.rebind(attended, transformed, Pointwise.add(g, transformed, attended, "hidden states"));
      return addTo(g, hidden, both, dropsEach ? OptionalDouble.empty() : rate(mlp));
    }
  }

  private Tensor postResidual(Graph g, Tensor hidden, SharedInputs shared) {
    try (Scope scope = Scope.of(g)) {
      Scope names = around.holds(HeldOutput.MIXER) ? scope : null;
      Tensor middle = normalisedSum(g, hidden, mixer, norms.afterMixer(), shared, names);
      Cross cross = extras.cross();
      if (cross != null) {
        Tensor output = cross.part().forward(g, middle, shared);
        Tensor sum = addTo(g, middle, output, layer.dropout().mixer());
        middle = g.rebind(middle, g.rebind(sum, cross.before().forward(g, sum)));
      }
      return g.rebind(middle, normalisedSum(g, middle, mlp, norms.afterMlp(), shared, null));
    }
  }

  /** transformers MllamaCrossAttentionDecoderLayer.forward. */
  private Tensor gated(Graph g, Tensor hidden, SharedInputs shared) {
    Tensor attended = output(g, hidden, mixer, norms.beforeMixer(), null, shared);
    Tensor middle = gatedSum(g, hidden, attended, norms.afterMixer());
    Tensor made = output(g, middle, mlp, norms.beforeMlp(), null, shared);
    Tensor rows = shared.seeing().rows();
    Tensor seen = g.rebind(made, Pointwise.mulByWeight(g, rows, made, "outputs of rows"));
    return g.rebind(middle, gatedSum(g, middle, seen, norms.afterMlp()));
  }

  /** Takes over the output. */
  private static Tensor gatedSum(Graph g, Tensor residual, Tensor output, @Nullable Norms gate) {
    try (Scope scope = Scope.of(g)) {
      scope.own(output);
      Tensor left = scope.own(Objects.requireNonNull(gate).forward(g, output));
      return Pointwise.add(g, residual, left, "hidden states");
    }
  }

  /** What the part gives, before it is dropped out, keeps its name as long as {@code names} do. */
  private Tensor normalisedSum(
      Graph g,
      Tensor residual,
      @Nullable LayerPart part,
      @Nullable Norms norm,
      SharedInputs shared,
      @Nullable Scope names) {
    try (Scope scope = Scope.of(g)) {
      Tensor output = checkpointed(g, residual.hold(), x -> run(g, part, x, shared, scope));
      if (names != null) {
        names.own(output.hold());
      }
      Tensor dropped = dropped(g, output, rate(part));
      Tensor sum = Pointwise.add(g, residual, dropped, "hidden states");
      if (around.holds(HeldOutput.SUMMAND)) {
        scope.own(dropped);
      } else {
        g.release(dropped);
      }
      return after(g, sum, Objects.requireNonNull(norm));
    }
  }
}
