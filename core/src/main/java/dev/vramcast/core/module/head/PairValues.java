package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.List;

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
  Tensor valued(Graph g, Tensor hidden) {
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

  /**
   * Log-probabilities of all tokens, and a number of each by a second head (trl/trainer/
   * ppo_trainer.py of 0.8 to 0.11, whose batched_forward_pass is that of
   * llamafactory/train/ppo/trainer.py). The model makes fp32 of its logits itself. Those that are
   * trained on are returned in a copy, of which the loss logs the entropy.
   */
  record Scored(HeadAndLoss head) {

    private static final ModuleScope LOGGED =
        ModuleScope.outside("loss", "trl/trainer/ppo_trainer.py loss");

    private static final ModuleScope FORWARD =
        ModuleScope.outside("loss", "llamafactory/train/ppo/trainer.py batched_forward_pass");

    /** As {@link HeadAndLoss#forward}. */
    HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
      Tensor narrow = head.logits(g, hidden);
      Tensor values = new PairValues(head).valued(g, hidden);
      Tensor wide = Pointwise.cast(g, narrow, DataType.FP32, "logits in fp32");
      Tensor logits = unit.leave(wide);
      returned.run();
      g.release(narrow);
      return g.site().within(FORWARD, () -> scored(g, logits, values));
    }

    /** {@code logprobs_from_logits} of trl/core.py: the log-softmax of all tokens at once. */
    private HeadAndLoss.Output scored(Graph g, Tensor logits, Tensor values) {
      long rows = rows();
      Tensor shifted =
          LossOps.withoutLastToken(g, ShapeOps.wholeSlices(g, logits.hold(), 1), rows * words());
      Tensor labelled = LabelOps.whole(g, shifted, rows, sequences() > 1);
      g.release(shifted, values);
      if (!g.gradEnabled()) {
        g.release(logits);
        return new HeadAndLoss.Output(labelled, List.of(), List.of(), rows);
      }
      Tensor copy = temporary(g, Aten.CAT, logits.elements());
      g.release(logits);
      return new HeadAndLoss.Output(labelled, List.of(), List.of(copy), rows);
    }

    /**
     * {@code entropy_from_logits} of trl/core.py, under a graph that nobody goes back through: the
     * probabilities are kept for as long as the exponentials of {@code logsumexp}, and then their
     * products with the logits, are beside them.
     */
    void report(Graph g) {
      g.site().within(LOGGED, () -> logged(g));
    }

    private void logged(Graph g) {
      long elements = rows() * words();
      try (Scope scope = Scope.of(g)) {
        Tensor copy = sequences() > 1 ? temporary(g, Aten.CLONE, elements) : null;
        scope.own(temporary(g, Aten.SOFTMAX, elements));
        if (copy != null) {
          g.release(copy);
        }
        g.release(temporary(g, Aten.EXP, elements));
        g.release(temporary(g, Aten.EXP, elements));
      }
    }

    private long sequences() {
      return head.settings().batch();
    }

    /** Tokens that are scored: all but the last of each sequence. */
    private long rows() {
      return sequences() * (head.settings().sequence() - 1);
    }

    private long words() {
      return head.architecture().vocabularySize();
    }

    private static Tensor temporary(Graph g, Operation operation, long elements) {
      return g.allocate(
          operation, "logits in fp32", Category.LOGITS_AND_LOSS, elements, DataType.FP32);
    }
  }
}
