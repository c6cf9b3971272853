package dev.vramcast.core.autograd.loss;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/** The forward divergence of a teacher's distribution from a student's, in fp32. */
public final class LogitDivergence {

  private static final Operation ISINF = Operation.of("aten::isinf");

  private static final String PROBABILITIES = "probabilities";
  private static final String RATIOS = "products of probabilities";

  private LogitDivergence() {}

  /**
   * nemo_automodel/components/loss/kd_loss.py KDLoss.forward, without chunks: labelled logits of
   * both in fp32, their log-probabilities, and {@code _forward_kl_from_log_probs}.
   *
   * @param labels tokens that have one
   */
  public static Tensor forward(Graph g, Tensor student, Tensor teacher, long labels, long words) {
    try (Scope scope = Scope.of(g)) {
      Tensor mask = scope.own(LabelOps.mask(g, teacher.elements() / words));
      Tensor its = Routing.gather(g, teacher, mask, labels * words, "labelled logits");
      Tensor mine = Routing.gather(g, student, mask, labels * words, "labelled logits");
      its = scope.own(g.rebind(its, Pointwise.cast(g, its, DataType.FP32)));
      mine = scope.own(g.rebind(mine, Pointwise.cast(g, mine, DataType.FP32)));
      Tensor target = scope.own(DistributionOps.logSoftmax(g, its));
      Tensor input = scope.own(DistributionOps.logSoftmax(g, mine));
      return ratios(g, target, input, labels);
    }
  }

  /** {@code _forward_kl_from_log_probs}: a ratio counts where the teacher's probability does. */
  private static Tensor ratios(Graph g, Tensor target, Tensor input, long labels) {
    try (Scope scope = Scope.of(g)) {
      Tensor probabilities = scope.own(like(g, Aten.EXP, target, PROBABILITIES, DataType.FP32));
      Tensor ratio = DistributionOps.less(g, target, input, RATIOS);
      Tensor above = like(g, Aten.EMPTY, target, "mask", DataType.BOOL);
      Tensor zeros = like(g, Aten.ZEROS, target, RATIOS, DataType.FP32);
      Tensor chosen = scope.own(DistributionOps.where(g, above, ratio));
      g.release(zeros, above);
      g.release(ratio);
      Tensor product = scope.own(Pointwise.mul(g, chosen, probabilities, RATIOS));
      Tensor each = scope.own(ShapeOps.sum(g, product, labels, "loss"));
      return ShapeOps.sum(g, each, 1, "loss");
    }
  }

  /**
   * torchtune/modules/loss/kd_losses.py ForwardKLLoss: the teacher's probabilities times the
   * student's log-probabilities, where its logits are finite.
   */
  public static Tensor expected(Graph g, Tensor student, Tensor teacher, long words) {
    long rows = student.elements() / words;
    try (Scope scope = Scope.of(g)) {
      Tensor its = Pointwise.cast(g, teacher, DataType.FP32, "logits in fp32");
      Tensor probabilities = scope.own(like(g, Aten.SOFTMAX, its, PROBABILITIES, DataType.FP32));
      g.release(its);
      Tensor infinite = scope.own(like(g, ISINF, student, "mask", DataType.BOOL));
      Tensor mine = Pointwise.cast(g, student, DataType.FP32, "logits in fp32");
      Tensor input = scope.own(g.rebind(mine, DistributionOps.logSoftmax(g, mine)));
      Tensor product = Pointwise.mul(g, input, probabilities, RATIOS);
      Tensor filled =
          scope.own(g.rebind(product, ShapeOps.maskedFill(g, product, infinite, RATIOS)));
      Tensor each = scope.own(ShapeOps.sum(g, filled, rows, "loss"));
      return ShapeOps.sum(g, each, 1, "loss");
    }
  }

  private static Tensor like(Graph g, Operation operation, Tensor x, String name, DataType dtype) {
    return g.allocate(operation, name, Category.LOGITS_AND_LOSS, x.elements(), dtype);
  }
}
