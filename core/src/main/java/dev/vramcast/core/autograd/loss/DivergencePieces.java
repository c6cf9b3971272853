package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The divergence of two models' whole logits, some tokens at a time, in the dtype of the logits
 * (swift/rlhf_trainers/gkd_loss.py gkd_loss, jsd_loss).
 *
 * @param words of the vocabulary
 * @param mixture {@code beta}: 0 and 1 for the divergence of one from the other, else both are
 *     compared with a mixture of them
 */
public record DivergencePieces(Graph graph, long words, double mixture) {

  /** {@code chunk_size}. */
  private static final long TOKENS = 512;

  private static final String LOGARITHMS = "log-probabilities";
  private static final String RATIOS = "products of probabilities";

  /** The loss; logits stay the caller's, of which those with a label count. */
  public Tensor forward(Tensor student, Tensor teacher, long labels) {
    try (Scope scope = Scope.of(graph)) {
      Tensor mask = scope.own(LabelOps.mask(graph, student.elements() / words));
      long elements = labels * words;
      Tensor mine = scope.own(Routing.gather(graph, student, mask, elements, "labelled logits"));
      Tensor its = scope.own(Routing.gather(graph, teacher, mask, elements, "labelled logits"));
      Tensor scaled = scope.own(Pointwise.scale(graph, mine, "logits over temperature"));
      scope.own(Pointwise.scale(graph, its, "logits over temperature"));
      return summed(scaled, labels);
    }
  }

  /** The loop names what a piece made until the next one has made it anew. */
  private Tensor summed(Tensor scaled, long labels) {
    @Nullable Tensor total = null;
    @Nullable Tensor before = null;
    for (long start = 0; start < labels; start += TOKENS) {
      long rows = Math.min(TOKENS, labels - start);
      Tensor piece = ShapeOps.slice(graph, scaled.hold(), rows * words);
      Tensor input = graph.rebind(piece, DistributionOps.logSoftmax(graph, piece));
      Tensor target = constant(input.elements(), input);
      if (before != null) {
        graph.release(before);
      }
      before = target;
      total = LossOps.plus(graph, total, divergence(input, target, rows));
      graph.release(input);
    }
    if (before != null) {
      graph.release(before);
    }
    return Objects.requireNonNull(total);
  }

  private Tensor divergence(Tensor input, Tensor target, long rows) {
    if (mixture == 0) {
      return from(target, input, rows);
    }
    if (mixture == 1) {
      return from(input, target, rows);
    }
    try (Scope scope = Scope.of(graph)) {
      Tensor weight = scope.own(constant(1, input));
      Tensor mine = Pointwise.add(graph, input, weight, LOGARITHMS);
      Tensor its = constant(target.elements(), input);
      Tensor both = ShapeOps.concatenate(graph, LOGARITHMS, mine, its);
      graph.release(mine, its);
      Tensor mixed = scope.own(graph.rebind(both, DistributionOps.logSumOfTwo(graph, both)));
      Tensor ofTeacher = from(target, mixed, rows);
      return LossOps.plus(graph, ofTeacher, from(input, mixed, rows));
    }
  }

  /** {@code default_kl_div}: {@code exp(target) * (target - other)}. */
  private Tensor from(Tensor target, Tensor other, long rows) {
    try (Scope scope = Scope.of(graph)) {
      Tensor weights = scope.own(Pointwise.savingResult(graph, Aten.EXP, target, "probabilities"));
      Tensor ratio = scope.own(DistributionOps.less(graph, target, other, RATIOS));
      Tensor product = scope.own(Pointwise.mul(graph, weights, ratio, RATIOS));
      Tensor each = scope.own(ShapeOps.sum(graph, product, rows, "loss"));
      return ShapeOps.sum(graph, each, 1, "loss");
    }
  }

  private Tensor constant(long elements, Tensor like) {
    return graph.allocate(
        Aten.EXP, "probabilities", Category.LOGITS_AND_LOSS, elements, like.dtype());
  }
}
