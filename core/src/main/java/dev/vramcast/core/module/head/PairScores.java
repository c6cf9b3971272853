package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * One number for each sequence, and the loss over the differences of chosen and rejected ones
 * (trl/trainer/reward_trainer.py compute_loss).
 */
record PairScores(HeadAndLoss head) {

  private static final ModuleScope LOSS =
      ModuleScope.outside("loss", "trl/trainer/reward_trainer.py RewardTrainer.compute_loss");

  private static final Operation LOG_SIGMOID = Operation.of("aten::log_sigmoid_forward");

  /** As {@link HeadAndLoss#forward}. */
  HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    Tensor logits = unit.leave(head.logits(g, hidden));
    returned.run();
    return g.site().within(LOSS, () -> compared(g, logits));
  }

  private HeadAndLoss.Output compared(Graph g, Tensor logits) {
    Tensor scores = g.rebind(logits, Pointwise.cast(g, logits, DataType.FP32, "scores"));
    return compared(g, scores, Math.max(1, scores.elements() / 2));
  }

  /** The loss over the differences of fp32 scores, which it takes over. */
  static HeadAndLoss.Output compared(Graph g, Tensor scores, long pairs) {
    Tensor each = g.rebind(scores, ShapeOps.resized(g, scores, pairs, "differences of scores"));
    Tensor likely = g.rebind(each, Pointwise.activation(g, LOG_SIGMOID, each, "log-likelihoods"));
    Tensor loss = g.rebind(likely, ShapeOps.sum(g, likely, 1, "loss"));
    return new HeadAndLoss.Output(loss, List.of());
  }
}
