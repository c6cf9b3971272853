package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mixer.TokenChoice;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.module.compress.IndexerPart;
import dev.vramcast.core.module.linear.LowRankGate;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention (transformers deepseek_v3/modeling_deepseek_v3.py DeepseekV3Attention
 * and deepseek_v2).
 *
 * @param gate null where nothing gates the output
 * @param indexer chooses the tokens that each query sees; null where another layer has, or none
 */
record LatentAttentionPart(
    LatentAttention latent,
    StepSettings settings,
    Query query,
    KeyValue keyValue,
    Projection output,
    @Nullable Projection gate,
    @Nullable IndexerPart indexer)
    implements LayerPart {

  /**
   * How queries are made.
   *
   * @param projections the plain one, or the low-rank pair
   * @param norm between the pair, null for the plain projection
   */
  record Query(List<Projection> projections, @Nullable Norms norm) {

    /** What the first projection gives, normalised where another follows. */
    private Tensor low(Graph g, Tensor x) {
      Tensor first = projections.get(0).forward(g, x);
      return projections.size() == 1 || norm == null
          ? first
          : g.rebind(first, norm.forward(g, first));
    }

    /** The queries, of what {@link #low} gave, which stays the caller's. */
    private Tensor of(Graph g, Tensor low) {
      return projections.size() == 1 ? low.hold() : projections.get(1).forward(g, low);
    }
  }

  /** How keys and values are made: to their low rank, and from there after a norm. */
  record KeyValue(Projection down, Norms norm, Projection up) {}

  private static final String GATES = "attention gates";

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    Queries queries = queries(g, x);
    KeysAndValues made = keysAndValues(g, x);
    Tensor[] rotated = {queries.rotary(), made.rotaryKey()};
    if (latent.rotated()) {
      rotary().rotate(g, rotated, shared);
    }
    Tensor rotaryKey = ShapeOps.expand(g, rotated[1], heads() * latent.ropeSize());
    Tensor whole =
        latent.rotated()
            ? ShapeOps.concatenate(g, "queries and keys", queries.plain(), rotated[0])
            : queries.all().hold();
    Tensor key = ShapeOps.concatenate(g, "queries and keys", made.plainKey(), rotaryKey);
    try (Scope scope = Scope.of(g)) {
      if (indexer != null) {
        scope.own(queries.low());
      }
      if (settings.code().namesLatent()) {
        scope.own(made.normalised());
      }
      Tensor[] inputs = {whole, key, made.value()};
      Tensor attended =
          latent.choice().isPresent()
              ? attendChosen(g, x, queries.low(), inputs, shared, scope)
              : attend(g, inputs, shared);
      attended = scope.own(gated(g, x, attended, queries.gated(), scope));
      scope.own(whole, key, rotaryKey, rotated[0], queries.plain());
      scope.own(made.plainKey(), made.value(), queries.all(), made.compressed());
      return output.forward(g, attended);
    }
  }

  private long heads() {
    return settings.tokens() * latent.heads();
  }

  private RotaryEmbedding rotary() {
    Rotary pairs = new Rotary(Rotary.Style.INTERLEAVED, latent.ropeSize());
    return new RotaryEmbedding(pairs, latent.ropeSize(), settings);
  }

  /**
   * Queries and their views.
   *
   * @param gated where gates come of the same product; else null
   * @param low what they are made of, released where nothing else asks for it
   * @param plain the part without positions
   * @param rotary the part to be rotated
   */
  private record Queries(
      @Nullable GatedQuery gated, Tensor low, Tensor all, Tensor plain, Tensor rotary) {}

  private Queries queries(Graph g, Tensor x) {
    GatedQuery gated = latent.gatedQuery() ? gatedQuery(g, x) : null;
    Tensor low = gated == null ? query.low(g, x) : gated.low();
    Tensor all = gated == null ? query.of(g, low) : gated.query();
    if (indexer == null) {
      g.release(low);
    }
    if (!latent.rotated()) {
      return new Queries(gated, low, all, all.hold(), all.hold());
    }
    Tensor[] parts =
        FusedOps.split(g, all.hold(), heads() * latent.nopeSize(), heads() * latent.ropeSize());
    return new Queries(gated, low, all, parts[0], parts[1]);
  }

  /**
   * Keys and values as views.
   *
   * @param compressed to the low rank, with the rotary key
   * @param normalised what they are made of, released where the code has no name for it
   */
  private record KeysAndValues(
      Tensor compressed, Tensor normalised, Tensor plainKey, Tensor value, Tensor rotaryKey) {}

  private KeysAndValues keysAndValues(Graph g, Tensor x) {
    Tensor compressed = keyValue.down().forward(g, x);
    Tensor[] low =
        FusedOps.split(
            g,
            compressed.hold(),
            settings.tokens() * latent.keyValueRank(),
            settings.tokens() * latent.ropeSize());
    Tensor normalised = keyValue.norm().forward(g, low[0]);
    Tensor both = keyValue.up().forward(g, normalised);
    g.release(low[0]);
    if (!settings.code().namesLatent()) {
      g.release(normalised);
    }
    Tensor[] parts =
        FusedOps.split(g, both, heads() * latent.nopeSize(), heads() * latent.valueSize());
    return new KeysAndValues(compressed, normalised, parts[0], parts[1], low[1]);
  }

  /**
   * A query with gates of what will be attended.
   *
   * @param low the normalised low-rank query
   * @param fused what query and gates come of
   * @param raw the low-rank query before its norm
   */
  private record GatedQuery(Tensor low, Tensor query, Tensor gates, Tensor fused, Tensor raw) {}

  /** All of it has a name until the layer is over (transformers AXK2Attention.forward). */
  private GatedQuery gatedQuery(Graph g, Tensor x) {
    Tensor raw = query.projections().get(0).forward(g, x);
    Tensor low = Objects.requireNonNull(query.norm()).forward(g, raw);
    Tensor both = ShapeOps.concatenate(g, "low-rank queries", low, raw);
    Tensor fused = g.rebind(both, query.projections().get(1).forward(g, both));
    long width = heads() * (latent.nopeSize() + latent.ropeSize());
    Tensor[] parts = FusedOps.split(g, fused.hold(), width, heads() * latent.valueSize());
    Tensor gates = g.rebind(parts[1], Pointwise.copy(g, parts[1], GATES));
    return new GatedQuery(low, parts[0], gates, fused, raw);
  }

  /** The heads' outputs behind what gates them. Takes over the argument. */
  private Tensor gated(
      Graph g, Tensor x, Tensor attended, @Nullable GatedQuery lowRank, Scope names) {
    Tensor result = gate == null ? attended : sigmoidGated(g, x, attended, names);
    if (lowRank == null) {
      return result;
    }
    Tensor scaled = g.rebind(result, LowRankGate.scaled(g, result, lowRank.gates()));
    names.own(lowRank.gates(), lowRank.fused(), lowRank.raw());
    return scaled;
  }

  /**
   * Heads times a sigmoid in fp32 of the gate's (transformers 5.24
   * bailing_hybrid/modeling_bailing_hybrid.py BailingHybridAttention.forward); takes over the
   * argument, what the code names lives with the scope.
   */
  private Tensor sigmoidGated(Graph g, Tensor x, Tensor attended, Scope names) {
    Tensor raw = Objects.requireNonNull(gate).forward(g, x);
    Tensor wide = g.rebind(raw, Pointwise.cast(g, raw, DataType.FP32, GATES));
    Tensor sigmoid = g.rebind(wide, Pointwise.savingResult(g, Aten.SIGMOID, wide, GATES));
    Tensor factors = names.own(g.rebind(sigmoid, Pointwise.cast(g, sigmoid, x.dtype(), GATES)));
    return g.rebind(attended, Pointwise.mul(g, attended, factors, "gated attention outputs"));
  }

  /**
   * Each query sees the tokens that were chosen for it (transformers DeepseekV32Attention.forward);
   * what the code names lives with the scope.
   */
  private Tensor attendChosen(
      Graph g, Tensor x, Tensor lowQuery, Tensor[] heads, SharedInputs shared, Scope names) {
    long count = settings.tokens() * Math.min(choice().count(), settings.sequence());
    if (indexer != null) {
      names.own(indexer.forward(g, x, lowQuery));
    }
    Tensor causal = shared.masks().full();
    if (causal == null) {
      return attend(g, heads, shared);
    }
    Tensor none = detached(g, causal.elements(), DataType.BOOL);
    Tensor positions = detached(g, count, DataType.INT64);
    names.own(detached(g, causal.elements(), DataType.BOOL));
    g.release(none, positions);
    Tensor turned = detached(g, causal.elements(), DataType.BOOL);
    Tensor mask = names.own(g.rebind(turned, detached(g, causal.elements(), causal.dtype())));
    return new AttentionCore(HeadShape.of(latent), settings).attend(g, heads, mask, shared, true);
  }

  private TokenChoice choice() {
    return latent.choice().orElseThrow();
  }

  private static Tensor detached(Graph g, long elements, DataType dtype) {
    return Pointwise.detached(g, elements, dtype, "mask of chosen tokens");
  }

  /** FlashAttention takes values padded to the size of the keys, and its result is cut again. */
  private Tensor attend(Graph g, Tensor[] heads, SharedInputs shared) {
    HeadShape shape = HeadShape.of(latent);
    if (settings.attention() != AttentionKernel.FLASH || shape.fitsFlash()) {
      return new AttentionCore(shape, settings).forward(g, heads, shared, true);
    }
    Tensor padded = ShapeOps.resized(g, heads[2], heads() * shape.headSize(), "padded values");
    Tensor[] wide = {heads[0], heads[1], padded};
    Tensor whole =
        g.rebind(
            padded, new AttentionCore(shape.padded(), settings).forward(g, wide, shared, true));
    Tensor cut = ShapeOps.slice(g, whole, heads() * latent.valueSize());
    return g.rebind(cut, Pointwise.copy(g, cut, "attention outputs by token"));
  }
}
