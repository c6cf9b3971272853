package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.ContrastOps;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The loss over the vectors of a batch
 * (sentence_transformers/sentence_transformer/losses/multiple_negatives_ranking.py and
 * gist_embed.py, and their cached twins).
 *
 * @param examples of the batch
 * @param rows anchors that are compared at a time
 * @param width of a vector
 */
public record ContrastLoss(Settings.Contrast contrast, long examples, long rows, long width) {

  private static final ModuleScope LOSS =
      ModuleScope.outside(
          "loss",
          "sentence_transformers/sentence_transformer/losses/multiple_negatives_ranking.py");

  /**
   * The loss, once for each width that it is computed of.
   *
   * @param anchors [examples, width]; the caller's, as are the others
   * @param others [examples × (texts − 1), width]: positives, then negatives
   * @param guides the same two of a guide; empty without one
   */
  public Tensor forward(Graph g, Tensor anchors, Tensor others, List<Tensor> guides) {
    return g.site().within(LOSS, () -> summed(g, anchors, others, guides));
  }

  private Tensor summed(Graph g, Tensor anchors, Tensor others, List<Tensor> guides) {
    if (contrast.widths().isEmpty()) {
      return compared(g, anchors, others, guides);
    }
    Tensor sum = null;
    for (int each : contrast.widths()) {
      long used = Math.min(each, width);
      Tensor first = shortened(g, anchors, examples, used);
      Tensor second = shortened(g, others, examples * (contrast.texts() - 1), used);
      ContrastLoss narrow = new ContrastLoss(contrast, examples, rows, used);
      Tensor loss = g.rebind(first, second, narrow.compared(g, first, second, guides));
      sum = sum == null ? loss : g.rebind(sum, loss, Pointwise.add(g, sum, loss, "loss"));
    }
    return Objects.requireNonNull(sum);
  }

  /** matryoshka.py ForwardDecorator.shrink: the first features, made as long as one again. */
  private Tensor shortened(Graph g, Tensor vectors, long count, long used) {
    Tensor view = ShapeOps.slice(g, vectors.hold(), count * used);
    return g.rebind(view, ContrastOps.normalised(g, view, count));
  }

  private Tensor compared(Graph g, Tensor anchors, Tensor others, List<Tensor> guides) {
    return switch (contrast.loss()) {
      case RANKING -> ranked(g, anchors, others, false);
      case SYMMETRIC -> ranked(g, anchors, others, true);
      case GUIDED -> guided(g, anchors, others, guides);
      case PAIRWISE -> pairwise(g, anchors, others);
    };
  }

  /**
   * {@code cos_sim} of anchors and all others, scaled, the positives' of it, and a copy ({@code
   * cat}) of which the logarithm of the sum is taken.
   */
  private Tensor ranked(Graph g, Tensor anchors, Tensor others, boolean both) {
    try (Scope scope = Scope.of(g)) {
      Tensor documents = scope.own(ShapeOps.concatenate(g, "embeddings", others));
      List<Tensor> matrices = new ArrayList<>();
      matrices.add(scope.own(scaled(g, taken(g, anchors), documents)));
      if (both) {
        Tensor positives = scope.own(taken(g, others));
        matrices.add(scope.own(scaled(g, positives.hold(), anchors)));
      }
      Tensor positives =
          scope.own(Routing.gather(g, matrices.get(0), places(g, scope), rows, "loss"));
      Tensor sums = null;
      for (Tensor matrix : matrices) {
        Tensor scores = ShapeOps.concatenate(g, "similarities", matrix);
        Tensor each = g.rebind(scores, ContrastOps.logSum(g, scores, rows));
        sums = sums == null ? each : g.rebind(sums, each, Pointwise.add(g, sums, each, "loss"));
      }
      Tensor all = scope.own(Objects.requireNonNull(sums));
      Tensor each = scope.own(Pointwise.add(g, positives, all, "loss"));
      return ShapeOps.sum(g, each, 1, "loss");
    }
  }

  /** Similarities of some anchors, which are taken over, and all others. */
  private Tensor scaled(Graph g, Tensor some, Tensor others) {
    long count = others.elements() / width;
    try (Scope scope = Scope.of(g)) {
      Tensor left = scope.own(g.rebind(some, ContrastOps.normalised(g, some, rows)));
      Tensor right = scope.own(ContrastOps.normalised(g, others, count));
      Tensor product = scope.own(Matrix.product(g, left, right, rows * count, "similarities"));
      return Pointwise.scale(g, product, "similarities");
    }
  }

  /** Those that are compared at a time, copied ({@code queries[indices]}). */
  private Tensor taken(Graph g, Tensor vectors) {
    try (Scope scope = Scope.of(g)) {
      return Routing.gather(g, vectors, places(g, scope), rows * width, "embeddings");
    }
  }

  private Tensor places(Graph g, Scope scope) {
    return scope.own(g.allocate(Aten.EMPTY, "places", Category.OTHER, rows, DataType.INT64));
  }

  /**
   * gist_embed.py: anchors with positives, each with its own kind, and anchors with negatives; of
   * all pairs a cosine, for which both vectors are repeated, of the model and of its guide.
   */
  private Tensor guided(Graph g, Tensor anchors, Tensor others, List<Tensor> guides) {
    try (Scope scope = Scope.of(g)) {
      int kinds = contrast.texts() + 1;
      Tensor[] scores = new Tensor[kinds];
      for (int kind = 0; kind < kinds; kind++) {
        scores[kind] = scope.own(cosines(g, anchors, others));
        g.withoutGrad(
            () -> {
              if (!guides.isEmpty()) {
                g.release(cosines(g, guides.get(0), guides.get(1)));
              }
            });
      }
      Tensor all = scope.own(ShapeOps.concatenate(g, "similarities", scores));
      Tensor scaled = scope.own(Pointwise.scale(g, all, "similarities"));
      return LossOps.crossEntropy(g, scaled);
    }
  }

  private Tensor cosines(Graph g, Tensor left, Tensor right) {
    long pairs = rows * examples;
    long features = left.elements() / examples;
    long elements = pairs * features;
    try (Scope scope = Scope.of(g)) {
      Tensor first = scope.own(ContrastOps.ratios(g, left, elements));
      Tensor second = scope.own(ContrastOps.ratios(g, right, elements));
      Tensor product = scope.own(Pointwise.mul(g, first, second, "pairs of embeddings"));
      return ShapeOps.sum(g, product, pairs, "similarities");
    }
  }

  private Tensor pairwise(Graph g, Tensor anchors, Tensor others) {
    try (Scope scope = Scope.of(g)) {
      Tensor left = scope.own(ContrastOps.normalised(g, anchors, examples));
      Tensor right = scope.own(ContrastOps.normalised(g, others, others.elements() / width));
      Tensor product = scope.own(Pointwise.mul(g, left, right, "pairs of embeddings"));
      Tensor each = scope.own(ShapeOps.sum(g, product, examples, "similarities"));
      return ShapeOps.sum(g, each, 1, "loss");
    }
  }
}
