package dev.vramcast.core.module.compress;

import dev.vramcast.core.architecture.mixer.Compressor;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.module.linear.Projection;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * Scores what a compressor of its own has made and takes the best for each query (transformers
 * deepseek_v4/modeling_deepseek_v4.py DeepseekV4Indexer and DeepseekV4IndexerScorer). Its graph
 * ends in indices: it is let go of as these are returned, and no gradient comes.
 */
record EntryChoice(
    Compressor.Choice choice,
    ModuleScope scope,
    StepSettings settings,
    CompressorPart compressor,
    Projection query,
    Projection weights) {

  private static final String SCORES = "index scores";

  static EntryChoice load(
      ModuleFactory modules, StepSettings settings, Compressor.Choice choice, int ropeSize) {
    ModuleScope scope = modules.module().own(choice.compressor().path(), "Indexer.forward");
    int before = modules.trainables().size();
    CompressorPart compressor =
        CompressorPart.load(modules, settings, choice.compressor(), ropeSize);
    Projection query = modules.projection(choice.query());
    Projection weights = modules.projection(choice.weights());
    List<Trainable> all = modules.trainables();
    all.subList(before, all.size()).forEach(each -> each.parameter().putOutOfReach());
    return new EntryChoice(choice, scope, settings, compressor, query, weights);
  }

  /** Indices of eight bytes each; the arguments stay the caller's. */
  Tensor forward(Graph g, Tensor x, Tensor lowQuery) {
    boolean saves = g.savesNow() && (x.requiresGrad() || lowQuery.requiresGrad());
    try (Scope frame = Scope.of(g, scope)) {
      return frame.result(g.withoutGrad(() -> chosen(g, x, lowQuery, saves)));
    }
  }

  private Tensor chosen(Graph g, Tensor x, Tensor lowQuery, boolean saves) {
    try (Scope names = Scope.of(g)) {
      Tensor keys = names.own(compressor.pooled(g, x, names, saves));
      Tensor flat = query.forward(g, lowQuery);
      Tensor queries =
          names.own(compressor.rotary().rotate(g, flat, settings.sequence(), x.dtype()));
      Tensor scores = scores(g, x, queries, keys, saves);
      names.own(detached(g, scores.elements(), DataType.BOOL));
      Tensor masked = names.own(g.rebind(scores, detached(g, scores.elements(), scores.dtype())));
      return best(g, masked);
    }
  }

  /** Takes the best {@code count}, and marks those that stand before their query. */
  private Tensor best(Graph g, Tensor masked) {
    long count = settings.tokens() * Math.min(choice.count(), compressor.windows());
    Tensor values = detached(g, count, masked.dtype());
    try (Scope names = Scope.of(g)) {
      names.own(g.rebind(values, detached(g, count, DataType.INT64)));
      names.own(detached(g, count, DataType.BOOL));
      Tensor marks = names.own(detached(g, count, DataType.INT64));
      return detached(g, marks.elements(), DataType.INT64);
    }
  }

  /** {@code sum(relu(q k) * weights)} over heads, every product of which is there at once. */
  private Tensor scores(Graph g, Tensor x, Tensor queries, Tensor keys, boolean saves) {
    try (Scope names = Scope.of(g)) {
      Tensor products = products(g, queries, keys, names, saves);
      Tensor relu = g.rebind(products, Pointwise.savingResult(g, Aten.RELU, products, SCORES));
      if (saves) {
        names.own(relu.hold());
      }
      Tensor scaled = names.own(g.rebind(relu, Pointwise.scale(g, relu, SCORES)));
      Tensor raw = weights.forward(g, x);
      Tensor wide = g.rebind(raw, Pointwise.cast(g, raw, DataType.FP32, "index weights"));
      Tensor factors = names.own(g.rebind(wide, Pointwise.scale(g, wide, "index weights")));
      Tensor weighted = Pointwise.mul(g, scaled, factors, SCORES);
      return g.rebind(
          weighted, detached(g, settings.tokens() * compressor.windows(), DataType.FP32));
    }
  }

  /** Several sequences' keys are copied for each query. */
  private Tensor products(Graph g, Tensor queries, Tensor keys, Scope names, boolean saves) {
    long copies = settings.batch() == 1 ? 0 : settings.sequence();
    long all = settings.tokens() * choice.heads() * compressor.windows();
    return Matrix.wideProduct(g, queries, keys, copies, all, SCORES, saves ? names : null);
  }

  private static Tensor detached(Graph g, long elements, DataType dtype) {
    return Pointwise.detached(g, elements, dtype, SCORES);
  }
}
