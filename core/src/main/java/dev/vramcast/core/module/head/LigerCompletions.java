package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Precision;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;

/** GRPO's loss as Liger computes it for TRL (trl/trainer/grpo_trainer.py compute_liger_loss). */
record LigerCompletions(HeadAndLoss head, PassHead.LogProbabilities asked) {

  private static final ModuleScope LOSS =
      ModuleScope.outside(
          "loss", "liger_kernel/chunked_loss/fused_linear_ppo.py LigerFusedLinearPPOBase");

  /** As {@link HeadAndLoss#forward}, without what the model returns. */
  HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit) {
    return g.site().within(LOSS, () -> new HeadAndLoss.Output(loss(g, hidden, unit), List.of()));
  }

  private Tensor loss(Graph g, Tensor hidden, ShardUnit unit) {
    long width = head.architecture().hiddenSize();
    Tensor completions = ShapeOps.slice(g, hidden.hold(), asked.labels() * width);
    DataType dtype = g.autocast() ? g.autocastDtype() : hidden.dtype();
    long count = head.settings().batch();
    LigerSequences.Shape shape =
        new LigerSequences.Shape(
            count,
            asked.labels() / count,
            width,
            head.architecture().vocabularySize(),
            dtype,
            scales());
    Tensor weight = head.parameter().value();
    boolean pieces = head.settings().job().framework().liger().atLeast(0, 8);
    Tensor loss =
        pieces
            ? LigerSequences.byPieces(g, completions, weight, shape)
            : LigerSequences.whole(g, completions, weight, shape);
    return unit.leave(g.rebind(completions, loss));
  }

  /** The loss is not taken as it is: it is divided by the accumulation, or scaled for fp16. */
  private boolean scales() {
    ResolvedJob job = head.settings().job();
    return job.batch().gradAccum() > 1 || job.precision() == Precision.FP16_MIXED;
  }
}
