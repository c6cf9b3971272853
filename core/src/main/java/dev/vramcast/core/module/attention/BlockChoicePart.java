package dev.vramcast.core.module.attention;

import dev.vramcast.core.architecture.mixer.BlockChoice;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.SharedInputs;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scores blocks of keys and hides all but the best (transformers
 * minimax_m3_vl/modeling_minimax_m3_vl.py MiniMaxM3VLIndexer). Its graph ends in indices: it is let
 * go of as these are returned, and no gradient comes.
 */
record BlockChoicePart(
    BlockChoice choice,
    StepSettings settings,
    Projection query,
    Projection key,
    Norms queryNorm,
    Norms keyNorm) {

  private static final String SCORES = "index scores";
  private static final String MASK = "mask of chosen blocks";

  static BlockChoicePart load(ModuleFactory modules, StepSettings settings, BlockChoice choice) {
    int before = modules.trainables().size();
    BlockChoicePart part =
        new BlockChoicePart(
            choice,
            settings,
            modules.projection(choice.query()),
            modules.projection(choice.key()),
            modules.norm(choice.queryNorm()),
            modules.norm(choice.keyNorm()));
    List<Trainable> all = modules.trainables();
    all.subList(before, all.size()).forEach(each -> each.parameter().putOutOfReach());
    return part;
  }

  /**
   * A mask of every query head, which is added to scores.
   *
   * @param x input of the layer's attention, which stays the caller's
   * @param rotary of the attention
   * @param mask of the model, null where attention is merely causal
   * @param heads of queries
   * @param dtype of queries
   * @param names what the attention names until it returns
   */
  Tensor mask(
      Graph g,
      Tensor x,
      Rotary rotary,
      SharedInputs shared,
      @Nullable Tensor mask,
      int heads,
      DataType dtype,
      Scope names) {
    Tensor indices = names.own(g.withoutGrad(() -> chosen(g, x, rotary, shared)));
    try (Scope scope = Scope.of(g)) {
      long blocks = choice.blocks(settings.sequence());
      long rows = settings.tokens() * choice.heads();
      scope.own(detached(g, indices.elements(), DataType.INT64));
      scope.own(detached(g, rows * (blocks + 1), dtype));
      long padded = rows * blocks * choice.blockSize();
      Tensor ofGroups = detached(g, padded, DataType.BOOL);
      long all = settings.tokens() * heads * settings.sequence();
      Tensor kept = scope.own(g.rebind(ofGroups, detached(g, all, DataType.BOOL)));
      Tensor seen = seen(g, mask, scope);
      Tensor both = scope.own(g.rebind(seen, detached(g, kept.elements(), DataType.BOOL)));
      Tensor zeros = detached(g, all, dtype);
      Tensor hidden = detached(g, both.elements(), DataType.BOOL);
      return g.rebind(zeros, hidden, detached(g, all, dtype));
    }
  }

  /** What the model's mask lets through, or what is not behind the query. */
  private Tensor seen(Graph g, @Nullable Tensor mask, Scope names) {
    long pairs = settings.tokens() * settings.sequence();
    if (mask != null) {
      return mask.dtype() == DataType.BOOL
          ? mask.hold()
          : names.own(detached(g, pairs, DataType.BOOL)).hold();
    }
    names.own(detached(g, pairs, DataType.BOOL));
    return detached(g, pairs, DataType.BOOL);
  }

  private Tensor chosen(Graph g, Tensor x, Rotary rotary, SharedInputs shared) {
    try (Scope names = Scope.of(g)) {
      Tensor[] heads = {normed(g, x, query, queryNorm), normed(g, x, key, keyNorm)};
      new RotaryEmbedding(rotary, choice.headSize(), settings).rotate(g, heads, shared);
      names.own(heads);
      Tensor products = products(g, heads);
      names.own(detached(g, settings.tokens() * settings.sequence(), DataType.BOOL));
      Tensor masked = g.rebind(products, detached(g, products.elements(), products.dtype()));
      long rows = settings.tokens() * choice.heads();
      long blocks = choice.blocks(settings.sequence());
      long padded = rows * blocks * choice.blockSize();
      Tensor scores =
          names.own(
              padded == masked.elements()
                  ? masked
                  : g.rebind(masked, detached(g, padded, masked.dtype())));
      names.own(detached(g, rows * blocks, scores.dtype()));
      long chosen = rows * Math.min(choice.count(), blocks);
      names.own(detached(g, chosen, scores.dtype()));
      names.own(detached(g, chosen, DataType.INT64));
      return detached(g, chosen, DataType.INT64);
    }
  }

  private static Tensor normed(Graph g, Tensor x, Projection projection, Norms norm) {
    Tensor raw = projection.forward(g, x);
    return g.rebind(raw, norm.forward(g, raw));
  }

  /** Several sequences' keys are copied for each head. */
  private Tensor products(Graph g, Tensor[] heads) {
    long copies = settings.batch() == 1 ? 0 : choice.heads();
    long all = settings.tokens() * choice.heads() * settings.sequence();
    return Matrix.wideProduct(g, heads[0], heads[1], copies, all, SCORES, null);
  }

  private static Tensor detached(Graph g, long elements, DataType dtype) {
    return Pointwise.detached(g, elements, dtype, MASK);
  }
}
