package dev.vramcast.core.module.mixer;

import dev.vramcast.core.architecture.mixer.LatentAttention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.option.AttentionKernel;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.LayerPart;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head latent attention (transformers deepseek_v3/modeling_deepseek_v3.py DeepseekV3Attention
 * and deepseek_v2).
 *
 * @param query the plain projection, or the low-rank pair
 * @param queryNorm between the pair, null for the plain projection
 */
record LatentAttentionPart(
    LatentAttention latent,
    StepSettings settings,
    List<Projection> query,
    @Nullable Norms queryNorm,
    Projection keyValueDown,
    Norms keyValueNorm,
    Projection keyValueUp,
    Projection output)
    implements LayerPart {

  @Override
  public Tensor forward(Graph g, Tensor x, SharedInputs shared) {
    long heads = settings.tokens() * latent.heads();
    Tensor queries = queries(g, x);
    Tensor[] queryParts =
        FusedOps.split(g, queries.hold(), heads * latent.nopeSize(), heads * latent.ropeSize());
    Tensor compressed = keyValueDown.forward(g, x);
    Tensor[] compressedParts =
        FusedOps.split(
            g,
            compressed.hold(),
            settings.tokens() * latent.keyValueRank(),
            settings.tokens() * latent.ropeSize());
    Tensor normalised = keyValueNorm.forward(g, compressedParts[0]);
    Tensor keysAndValues = keyValueUp.forward(g, normalised);
    g.release(normalised, compressedParts[0]);
    Tensor[] keyParts =
        FusedOps.split(g, keysAndValues, heads * latent.nopeSize(), heads * latent.valueSize());

    Tensor[] rotated = {queryParts[1], compressedParts[1]};
    new RotaryEmbedding(
            new Rotary(Rotary.Style.INTERLEAVED, latent.ropeSize()), latent.ropeSize(), settings)
        .rotate(g, rotated, shared);
    Tensor rotaryKey = ShapeOps.expand(g, rotated[1], heads * latent.ropeSize());
    Tensor query = ShapeOps.concatenate(g, "queries and keys", queryParts[0], rotated[0]);
    Tensor key = ShapeOps.concatenate(g, "queries and keys", keyParts[0], rotaryKey);

    Tensor attended = attend(g, new Tensor[] {query, key, keyParts[1]}, shared);
    try (Scope scope = Scope.of(g)) {
      scope.own(
          attended,
          query,
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

  private Tensor queries(Graph g, Tensor x) {
    Tensor first = query.get(0).forward(g, x);
    if (query.size() == 1) {
      return first;
    }
    try (Scope scope = Scope.of(g)) {
      Tensor normalised =
          scope.own(g.rebind(first, Objects.requireNonNull(queryNorm).forward(g, first)));
      return query.get(1).forward(g, normalised);
    }
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
