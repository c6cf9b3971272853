package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;

/**
 * The divergence of two models' whole logits, all tokens at once, in the wider of their dtypes
 * (trl/experimental/gkd/gkd_trainer.py and gold/gold_trainer.py generalized_jsd_loss). The function
 * names whatever it makes until it returns.
 *
 * @param words of the vocabulary
 * @param mixture {@code beta}: 0 and 1 for the divergence of one from the other, else both are
 *     compared with a mixture of them
 */
public record WholeDivergence(Graph graph, long words, double mixture) {

  private static final String LOGARITHMS = "log-probabilities";
  private static final String SCALED = "logits over temperature";
  private static final String RATIOS = "products of probabilities";

  /**
   * The loss; logits stay the caller's.
   *
   * @param tokens whose logits are compared
   * @param labels how many of them count
   */
  public Tensor forward(Tensor student, Tensor teacher, long tokens, long labels) {
    try (Scope scope = Scope.of(graph)) {
      long elements = tokens * words;
      Tensor cut = scope.own(LossOps.withoutLastToken(graph, student.hold(), elements));
      Tensor scaled = scope.own(Pointwise.scale(graph, cut, SCALED));
      scope.own(constant(elements, teacher, SCALED));
      Tensor input = scope.own(DistributionOps.logSoftmax(graph, scaled));
      Tensor target = scope.own(constant(elements, teacher, LOGARITHMS));
      Tensor each = divergence(scope, input, target);
      Tensor mask = scope.own(LabelOps.mask(graph, tokens));
      Tensor counted = Routing.gather(graph, each, mask, labels * words, RATIOS);
      graph.release(each);
      return graph.rebind(counted, ShapeOps.sum(graph, counted, 1, "loss"));
    }
  }

  /** Of every token and word; what has a name is the scope's. */
  private Tensor divergence(Scope scope, Tensor input, Tensor target) {
    if (mixture == 0) {
      return from(target, input);
    }
    if (mixture == 1) {
      return from(input, target);
    }
    Tensor mixed = scope.own(mixed(input, target));
    Tensor ofTeacher = scope.own(from(target, mixed));
    Tensor ofStudent = scope.own(from(input, mixed));
    Tensor its = Pointwise.scale(graph, ofTeacher, RATIOS);
    Tensor own = Pointwise.scale(graph, ofStudent, RATIOS);
    Tensor both = Pointwise.add(graph, its, own, RATIOS);
    graph.release(its, own);
    return both;
  }

  /** {@code logsumexp} of a stack of both, each with the logarithm of its weight. */
  private Tensor mixed(Tensor input, Tensor target) {
    try (Scope scope = Scope.of(graph)) {
      Tensor mine = Pointwise.scale(graph, input, LOGARITHMS);
      Tensor its = constant(target.elements(), target, LOGARITHMS);
      Tensor both = scope.own(ShapeOps.concatenate(graph, LOGARITHMS, mine, its));
      graph.release(mine, its);
      return DistributionOps.logSumOfTwo(graph, both);
    }
  }

  /** {@code F.kl_div} with a logarithm as its target: {@code exp(target) * (target - other)}. */
  private Tensor from(Tensor target, Tensor other) {
    try (Scope scope = Scope.of(graph)) {
      Tensor weights = scope.own(Pointwise.savingResult(graph, Aten.EXP, target, "probabilities"));
      Tensor ratio = scope.own(DistributionOps.less(graph, target, other, RATIOS));
      return Pointwise.mul(graph, weights, ratio, RATIOS);
    }
  }

  private Tensor constant(long elements, Tensor like, String name) {
    return graph.allocate(Aten.EXP, name, Category.LOGITS_AND_LOSS, elements, like.dtype());
  }
}
