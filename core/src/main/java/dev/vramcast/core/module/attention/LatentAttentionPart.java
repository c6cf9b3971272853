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
    long heads = settings.tokens() * latent.heads();
    GatedQuery gated = latent.gatedQuery() ? gatedQuery(g, x) : null;
    Tensor lowQuery = gated == null ? query.low(g, x) : gated.low();
    Tensor queries = gated == null ? query.of(g, lowQuery) : gated.query();
    if (indexer == null) {
      g.release(lowQuery);
    }
    Tensor[] queryParts =
        latent.rotated()
            ? FusedOps.split(
                g, queries.hold(), heads * latent.nopeSize(), heads * latent.ropeSize())
            : new Tensor[] {queries.hold(), queries.hold()};
    Tensor compressed = keyValue.down().forward(g, x);
    Tensor[] compressedParts =
        FusedOps.split(
            g,
            compressed.hold(),
            settings.tokens() * latent.keyValueRank(),
            settings.tokens() * latent.ropeSize());
    Tensor normalised = keyValue.norm().forward(g, compressedParts[0]);
    Tensor keysAndValues = keyValue.up().forward(g, normalised);
    g.release(compressedParts[0]);
    boolean named = settings.code().namesLatent();
    if (!named) {
      g.release(normalised);
    }
    Tensor[] keyParts =
        FusedOps.split(g, keysAndValues, heads * latent.nopeSize(), heads * latent.valueSize());

    Tensor[] rotated = {queryParts[1], compressedParts[1]};
    if (latent.rotated()) {
      new RotaryEmbedding(
              new Rotary(Rotary.Style.INTERLEAVED, latent.ropeSize()), latent.ropeSize(), settings)
          .rotate(g, rotated, shared);
    }
    Tensor rotaryKey = ShapeOps.expand(g, rotated[1], heads * latent.ropeSize());
    Tensor rotatedQuery =
        latent.rotated()
            ? ShapeOps.concatenate(g, "queries and keys", queryParts[0], rotated[0])
            : queries.hold();
    Tensor key = ShapeOps.concatenate(g, "queries and keys", keyParts[0], rotaryKey);

    Tensor[] inputs = {rotatedQuery, key, keyParts[1]};
    try (Scope scope = Scope.of(g)) {
      if (indexer != null) {
        scope.own(lowQuery);
      }
      if (named) {
        scope.own(normalised);
      }
      Tensor attended =
          latent.choice().isPresent()
              ? attendChosen(g, x, lowQuery, inputs, shared, scope)
              : attend(g, inputs, shared);
      if (gate != null) {
        attended = gated(g, x, attended, scope);
      }
      if (gated != null) {
        attended = g.rebind(attended, LowRankGate.scaled(g, attended, gated.gates()));
        scope.own(gated.gates(), gated.fused());
        scope.own(gated.raw());
      }
      scope.own(
          attended,
          rotatedQuery,
          key,
          rotaryKey,
          rotated[0],
          queryParts[0],
          keyParts[0],
          keyParts[1],
          queries,
          compressed);
      return output.forward(g, attended);
    }
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
    long heads = settings.tokens() * latent.heads();
    long width = heads * (latent.nopeSize() + latent.ropeSize());
    Tensor[] parts = FusedOps.split(g, fused.hold(), width, heads * latent.valueSize());
    Tensor gates = g.rebind(parts[1], Pointwise.copy(g, parts[1], GATES));
    return new GatedQuery(low, parts[0], gates, fused, raw);
  }

  /**
   * Heads times a sigmoid in fp32 of the gate's (transformers 5.24
   * bailing_hybrid/modeling_bailing_hybrid.py BailingHybridAttention.forward); takes over the
   * argument, what the code names lives with the scope.
   */
  private Tensor gated(Graph g, Tensor x, Tensor attended, Scope names) {
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
    long rows = settings.tokens() * latent.heads();
    Tensor padded = ShapeOps.resized(g, heads[2], rows * shape.headSize(), "padded values");
    Tensor[] wide = {heads[0], heads[1], padded};
    Tensor whole =
        g.rebind(
            padded, new AttentionCore(shape.padded(), settings).forward(g, wide, shared, true));
    Tensor cut = ShapeOps.slice(g, whole, rows * latent.valueSize());
    return g.rebind(cut, Pointwise.copy(g, cut, "attention outputs by token"));
  }
}
