package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.List;

/**
 * The next token of every sequence: logits of its last token in fp32, and their softmax
 * (transformers/generation/utils.py _sample).
 */
record NextTokens(HeadAndLoss head) {

  private static final ModuleScope SAMPLE =
      ModuleScope.outside("sampling", "transformers/generation/utils.py _sample");

  /** As {@link HeadAndLoss#forward}. */
  HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    long rows = head.settings().batch();
    Tensor last = ShapeOps.slice(g, hidden.hold(), rows * head.architecture().hiddenSize());
    Tensor logits = unit.leave(head.logits(g, last));
    g.release(last);
    returned.run();
    return g.site().within(SAMPLE, () -> sampled(g, logits, rows));
  }

  private static HeadAndLoss.Output sampled(Graph g, Tensor logits, long rows) {
    try (Scope scope = Scope.of(g)) {
      Tensor wide =
          scope.own(
              g.allocate(
                  Aten.TO_COPY,
                  "logits in fp32",
                  Category.LOGITS_AND_LOSS,
                  logits.elements(),
                  DataType.FP32));
      g.release(logits);
      scope.own(Pointwise.scale(g, wide, "probabilities"));
      Tensor tokens = g.allocate("inputs", Category.OTHER, rows, DataType.INT64);
      return new HeadAndLoss.Output(tokens, List.of());
    }
  }
}
