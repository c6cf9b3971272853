package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.DistanceTable;
import dev.vramcast.core.architecture.mixer.Gating;
import dev.vramcast.core.architecture.traits.HeadSharing;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Self-attention with separate or fused projections (transformers LlamaAttention, Phi3Attention and
 * their kin).
 *
 * @param projections query, key, value; or one for all three; query and key where the value is the
 *     key; query alone where keys and values are another layer's
 * @param beside the layer's own parameters of scores
 * @param blocks hides blocks of keys; null where every query sees all
 * @param difference of two halves of values; null where all are attended to at once
 */
record AttentionPart(
    Attention attention,
    StepSettings settings,
    List<Projection> projections,
    Outputs outputs,
    HeadNorms norms,
    OfScores beside,
    @Nullable BlockChoicePart blocks,
    @Nullable DifferentialPart difference)
    implements LayerPart {

  /**
   * Parameters that scores take.
   *
   * @param sinks null when there are none
   * @param distances the table of a bias by position that is the layer's own; null for none
   */
  record OfScores(@Nullable Parameter sinks, @Nullable Parameter distances) {}

  /**
   * Norms of heads.
   *
   * @param query null when queries and keys are not normalised
   * @param key as {@code query}
   * @param value null when values are not normalised
   * @param attended null when what was attended is not normalised
   */
  record HeadNorms(
      @Nullable Norms query,
      @Nullable Norms key,
      @Nullable Norms value,
      @Nullable Norms attended) {}

  /**
   * What is made of what was attended.
   *
   * @param gate null when no projection of its own gates it
   */
  record Outputs(@Nullable Projection gate, Projection projection) {}

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    boolean slides = attention.slidingWindow() > 0;
    RotaryEmbedding rotary =
        new RotaryEmbedding(attention.rotary(), attention.headSize(), slides, settings);
    Tensor[] heads = project(g, x, rotary.reordersGradients());
    Tensor gates = gates(g, x, heads);
    if (settings.code().scalesValues()) {
      heads[2] = g.rebind(heads[2], Pointwise.scale(g, heads[2], "scaled values"));
    }
    place(g, rotary, heads, shared);
    if (shared.cache() != null && hasOwnKeys()) {
      shared.cache().update(g, heads);
    }
    if (attention.handsOn().contains(settings.code().version())) {
      shared.name(g, slides, heads[1], heads[2]);
    }
    if (attention.distances().isPresent()) {
      Tensor attended = disentangled(attention.distances().get()).forward(g, heads, shared.rows());
      return g.rebind(attended, outputs.projection().forward(g, attended));
    }
    return projected(g, x, heads, gates, shared, rotary.byHeads());
  }

  /** Norms, bounds and positions of queries and keys, in the order of the model's code. */
  private void place(Graph g, RotaryEmbedding rotary, Tensor[] heads, SharedInputs shared) {
    boolean normsLast = settings.code().normalisesAfterRotary();
    if (!normsLast) {
      normalise(g, heads);
    }
    if (!yieldsAll()) {
      for (int i = 0; i < 3; i++) {
        heads[i] = clamped(g, heads[i]);
      }
    }
    rotate(g, rotary, heads, shared);
    if (normsLast) {
      normalise(g, heads);
    }
  }

  /** What is attended, gated and projected; gives up the heads and the gates. */
  private Tensor projected(
      Graph g,
      Tensor x,
      Tensor[] heads,
      @Nullable Tensor gates,
      SharedInputs shared,
      boolean byHeads) {
    boolean laysByHeads = settings.code().laysByHeads();
    if (laysByHeads) {
      AttentionCore.layByHeads(g, heads);
    }
    HeadShape own = HeadShape.of(attention, beside.sinks());
    boolean repeated = settings.code().headSharing() == HeadSharing.SPLIT;
    AttentionCore core = new AttentionCore(repeated ? own.repeated() : own, settings);
    try (Scope scope = Scope.of(g)) {
      Tensor attended = attended(g, x, heads, shared, core, byHeads || laysByHeads, scope);
      attended = gated(g, x, attended, gates, scope);
      if (norms.attended() != null) {
        attended = g.rebind(attended, norms.attended().forward(g, attended));
      }
      scope.own(heads);
      if (outputs.gate() != null && gates != null) {
        scope.own(gates);
      }
      return g.rebind(attended, outputs.projection().forward(g, attended));
    }
  }

  private Tensor attended(
      Graph g,
      Tensor x,
      Tensor[] heads,
      SharedInputs shared,
      AttentionCore core,
      boolean byHeads,
      Scope names) {
    if (attention.bias().isPresent()) {
      return biased(g, heads, shared, core, names);
    }
    if (difference != null) {
      return difference.forward(g, heads, shared, core, byHeads, names);
    }
    if (blocks == null) {
      return core.forward(g, heads, shared, byHeads);
    }
    Tensor mask = shared.masks().full();
    Tensor own =
        names.own(
            blocks.mask(
                g,
                x,
                attention.rotary(),
                shared,
                mask,
                attention.heads(),
                heads[0].dtype(),
                names));
    return core.attend(g, heads, own, shared, byHeads);
  }

  /** Keys of another layer are rotated already. */
  private void rotate(Graph g, RotaryEmbedding rotary, Tensor[] heads, SharedInputs shared) {
    if (borrows()) {
      Tensor[] query = {heads[0], null};
      rotary.rotate(g, query, shared);
      heads[0] = query[0];
    } else {
      rotary.rotate(g, heads, shared);
    }
  }

  private DisentangledAttention disentangled(DistanceTable.Reading reading) {
    HeadOps ops =
        new HeadOps(HeadShape.of(attention, beside.sinks()), settings, settings.sequence());
    return new DisentangledAttention(ops, projections.get(0), projections.get(1), reading);
  }

  /** transformers T5Attention.forward, whose bias has a name until it returns. */
  private Tensor biased(
      Graph g, Tensor[] heads, SharedInputs shared, AttentionCore core, Scope names) {
    PositionBiases biases = new PositionBiases(core.ops(), shared);
    Tensor bias = names.own(biases.own(g, beside.distances()));
    boolean causal = attention.bias().orElseThrow().causal();
    return new BiasedAttention(core.ops(), causal, false)
        .forward(g, heads, bias, shared.masks().full());
  }

  /**
   * What gates the output and is there before it: its own projection's, or what came with the
   * queries; null for none.
   */
  private @Nullable Tensor gates(Graph g, Tensor x, Tensor[] heads) {
    Projection gate = outputs.gate();
    if (gate != null) {
      return attention.gating() == Gating.SIGMOID_OF_FIRST ? gate.forward(g, x) : null;
    }
    return attention.outputGate() ? heads[3] : null;
  }

  /** Takes over what was attended; what the code names lives with the scope. */
  private Tensor gated(Graph g, Tensor x, Tensor attended, @Nullable Tensor first, Scope names) {
    if (first != null) {
      return gated(g, attended, first);
    }
    Projection gate = outputs.gate();
    if (gate == null) {
      return attended;
    }
    Tensor raw = gate.forward(g, x);
    if (attention.gating() == Gating.SIGMOID) {
      Tensor result = gated(g, attended, raw);
      g.release(raw);
      return result;
    }
    Tensor wide = g.rebind(raw, Pointwise.cast(g, raw, DataType.FP32, "attention gates"));
    Tensor softplus =
        g.rebind(wide, Pointwise.activation(g, Aten.SOFTPLUS, wide, "attention gates"));
    Tensor factors =
        names.own(
            g.rebind(softplus, Pointwise.cast(g, softplus, attended.dtype(), "attention gates")));
    return g.rebind(attended, Pointwise.mul(g, attended, factors, "gated attention outputs"));
  }

  /**
   * Query, key, value, and the output's gate where there is one.
   *
   * @param reorders the gradients of query and key come back in another order
   */
  private Tensor[] project(Graph g, Tensor x, boolean reorders) {
    long head = settings.tokens() * attention.headSize();
    if (yieldsAll()) {
      Tensor fused = clamped(g, projections.get(0).forward(g, x));
      long keys = head * attention.kvHeads();
      return spread(g, FusedOps.split(g, fused, head * attention.heads(), keys, keys));
    }
    Tensor[] heads = new Tensor[attention.outputGate() ? 4 : 3];
    heads[0] = projections.get(0).forward(g, x);
    if (reorders) {
      heads[0] = ShapeOps.viewByHeads(g, heads[0]);
    }
    if (attention.outputGate()) {
      Tensor[] halves =
          FusedOps.split(g, heads[0], heads[0].elements() / 2, heads[0].elements() / 2);
      heads[0] = halves[0];
      heads[3] = g.rebind(halves[1], Pointwise.copy(g, halves[1], "attention gates"));
    }
    for (int i = 1; i < 3; i++) {
      heads[i] = i < projections.size() ? projections.get(i).forward(g, x) : given(g, heads, i);
      if (reorders && i == 1 && i < projections.size()) {
        heads[i] = ShapeOps.viewByHeads(g, heads[i]);
      }
    }
    return heads;
  }

  /** Takes over the argument; a clamp in place keeps a copy of what it saves. */
  private Tensor clamped(Graph g, Tensor x) {
    return attention.clipped()
        ? g.rebind(x, Pointwise.activation(g, Aten.CLAMP, x, "clamped queries, keys and values"))
        : x;
  }

  /** transformers FalconAttention._split_heads takes keys and values out by an index. */
  private Tensor[] spread(Graph g, Tensor[] heads) {
    HeadSharing sharing = settings.code().headSharing();
    if (sharing == HeadSharing.INTERFACE) {
      return heads;
    }
    boolean repeats = sharing == HeadSharing.SPLIT;
    int groups = repeats ? attention.heads() / attention.kvHeads() : 1;
    Tensor query = repeats ? Pointwise.copy(g, heads[0], "queries") : heads[0].hold();
    Tensor key = taken(g, heads[1], groups, "keys");
    Tensor value = taken(g, heads[2], groups, "values");
    g.release(heads[0], heads[1]);
    g.release(heads[2]);
    return new Tensor[] {query, key, value};
  }

  private static Tensor taken(Graph g, Tensor heads, int groups, String name) {
    return groups == 1
        ? Pointwise.copy(g, heads, name)
        : AttentionOps.repeatHeads(g, heads, groups, name);
  }

  /** One projection for query, key and value, of the model or of LitGPT. */
  private boolean yieldsAll() {
    return attention.fusedQkv() || projections.size() < attention.qkv().size();
  }

  private boolean hasOwnKeys() {
    return yieldsAll() || projections.size() > 1;
  }

  private boolean borrows() {
    return attention.borrows().contains(settings.code().version());
  }

  /** The value that is the key; or what another layer made and keeps alive. */
  private Tensor given(Graph g, Tensor[] heads, int index) {
    if (borrows()) {
      Tensor others = Pointwise.detached(g, 0, heads[0].dtype(), "shared keys and values");
      return ShapeOps.expand(
          g, others, settings.tokens() * attention.headSize() * attention.kvHeads());
    }
    return index == 2 && projections.size() == 2
        ? heads[1].hold()
        : Pointwise.detached(g, 0, heads[0].dtype(), "shared keys and values");
  }

  private void normalise(Graph g, Tensor[] heads) {
    normalise(g, heads, 0, norms.query());
    normalise(g, heads, 1, norms.key());
    normalise(g, heads, 2, norms.value());
  }

  private void normalise(Graph g, Tensor[] heads, int index, @Nullable Norms norm) {
    if (norm != null) {
      Tensor normalised = norm.forward(g, heads[index]);
      g.release(heads[index]);
      heads[index] = normalised;
    }
  }

  /** transformers Qwen3NextAttention: {@code attn_output * torch.sigmoid(gate)}. */
  private static Tensor gated(Graph g, Tensor attended, Tensor gates) {
    Tensor sigmoid = Pointwise.savingResult(g, Aten.SIGMOID, gates, "attention gates");
    return g.rebind(
        attended, sigmoid, Pointwise.mul(g, attended, sigmoid, "gated attention outputs"));
  }
}
