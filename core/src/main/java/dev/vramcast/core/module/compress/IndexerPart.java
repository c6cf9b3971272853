package dev.vramcast.core.module.compress;

import dev.vramcast.core.architecture.mixer.Indexer;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Norms;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Scores every token for every query and takes the best (transformers
 * deepseek_v32/modeling_deepseek_v32.py DeepseekV32Indexer.forward, under {@code no_grad}).
 *
 * @param rotated features of a head that positions turn
 * @param count tokens that a query takes
 */
public record IndexerPart(
    Indexer indexer,
    int rotated,
    int count,
    StepSettings settings,
    Projection query,
    Projection key,
    Norms keyNorm,
    Projection weights) {

  /** Puts its parameters onto the trace, to which no gradient comes. */
  public static IndexerPart load(
      ModuleFactory modules, StepSettings settings, Indexer indexer, int rotated, int count) {
    int before = modules.trainables().size();
    Projection query = modules.projection(indexer.query());
    Projection key = modules.projection(indexer.key());
    Norms norm = modules.norm(indexer.keyNorm());
    Projection weights = modules.projection(indexer.weights());
    List<Trainable> all = modules.trainables();
    all.subList(before, all.size()).forEach(each -> each.parameter().putOutOfReach());
    return new IndexerPart(indexer, rotated, count, settings, query, key, norm, weights);
  }

  /**
   * Positions of the chosen tokens, of four bytes each.
   *
   * @param x input of the layer's attention, which stays the caller's
   * @param lowQuery the low-rank query, likewise
   */
  public Tensor forward(Graph g, Tensor x, Tensor lowQuery) {
    return g.withoutGrad(() -> chosen(g, x, lowQuery));
  }

  private Tensor chosen(Graph g, Tensor x, Tensor lowQuery) {
    try (Scope names = Scope.of(g)) {
      Tensor flat = names.own(query.forward(g, lowQuery));
      Tensor raw = key.forward(g, x);
      Tensor keys = names.own(g.rebind(raw, keyNorm.forward(g, raw)));
      names.own(detached(g, settings.tokens() * indexer.heads() * rotated, flat.dtype()));
      names.own(detached(g, settings.tokens() * rotated, keys.dtype()));
      Tensor turnedQuery = names.own(detached(g, flat.elements(), flat.dtype()));
      Tensor turnedKey = names.own(detached(g, keys.elements(), keys.dtype()));
      Tensor scores = names.own(scores(g, turnedQuery, turnedKey));
      Tensor factors = weights.forward(g, x);
      Tensor wide = g.rebind(factors, Pointwise.cast(g, factors, DataType.FP32, "index weights"));
      Tensor scaled = names.own(g.rebind(wide, detached(g, wide.elements(), DataType.FP32)));
      Tensor lowered = names.own(Pointwise.lowered(g, scaled));
      Tensor sums = Matrix.product(g, lowered, scores, pairs(), "index scores");
      Tensor masked = names.own(g.rebind(sums, detached(g, pairs(), sums.dtype())));
      return best(g, masked);
    }
  }

  /** Products of all heads, scaled and cut at 0; keys of several sequences are copied a query. */
  private Tensor scores(Graph g, Tensor queries, Tensor keys) {
    long all = pairs() * indexer.heads();
    long copies = settings.batch() == 1 ? 0 : settings.sequence();
    Tensor products = Matrix.wideProduct(g, queries, keys, copies, all, "index scores", null);
    Tensor scaled = g.rebind(products, detached(g, all, products.dtype()));
    return g.rebind(scaled, detached(g, all, scaled.dtype()));
  }

  private Tensor best(Graph g, Tensor scores) {
    long chosen = settings.tokens() * Math.min(count, settings.sequence());
    try (Scope scope = Scope.of(g)) {
      scope.own(detached(g, chosen, scores.dtype()));
      scope.own(detached(g, chosen, DataType.INT64));
      return detached(g, chosen, DataType.INT32);
    }
  }

  private long pairs() {
    return settings.tokens() * settings.sequence();
  }

  private static Tensor detached(Graph g, long elements, DataType dtype) {
    return Pointwise.detached(g, elements, dtype, "index scores");
  }
}
