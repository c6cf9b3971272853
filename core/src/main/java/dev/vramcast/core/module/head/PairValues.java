package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * A number of every token by a head beside the one over words (trl/models/modeling_value_head.py
 * AutoModelForCausalLMWithValueHead, until TRL 0.28), of which the last of each sequence are
 * compared (llamafactory/train/rm/trainer.py compute_loss). The model makes logits of all tokens,
 * and fp32 of them, before it asks for values; nobody reads them. The head's own numbers, one more
 * than a hidden state has, are left out.
 */
record PairValues(HeadAndLoss head) {

  private static final ModuleScope LOSS =
      ModuleScope.outside("loss", "llamafactory/train/rm/trainer.py PairwiseTrainer.compute_loss");

  private static final Operation VALUE =
      Operation.of("ValueHead", "trl/models/modeling_value_head.py ValueHead.forward");

  /** {@code summary_dropout_prob}, which no configuration of a language model has. */
  private static final double DROPOUT = 0.1;

  /** As {@link HeadAndLoss#forward}. */
  HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    Tensor values;
    try (Scope scope = Scope.of(g)) {
      Tensor narrow = scope.own(g.withoutGrad(() -> head.logits(g, hidden)));
      values = unit.leave(valued(g, hidden));
      scope.own(g.withoutGrad(() -> Pointwise.cast(g, narrow, DataType.FP32, "logits in fp32")));
    }
    returned.run();
    return g.site().within(LOSS, () -> PairScores.compared(g, values, head.settings().batch() / 2));
  }

  /** The linear is in fp32, and under autocast again in its dtype, whose input it saves. */
  private Tensor valued(Graph g, Tensor hidden) {
    Tensor dropped = Pointwise.dropout(g, hidden, DROPOUT, "hidden states");
    Tensor wide = g.rebind(dropped, Pointwise.widened(g, dropped, "hidden states in fp32"));
    Tensor input = g.rebind(wide, Pointwise.lowered(g, wide));
    try (Scope scope = Scope.of(g)) {
      scope.own(input);
      Node node = g.node(VALUE, Pointwise.LIKE_INPUT, input);
      if (node != null) {
        g.save(node, input);
      }
      long tokens = head.settings().tokens();
      return g.output("values", Category.LOGITS_AND_LOSS, tokens, DataType.FP32, node);
    }
  }
}
