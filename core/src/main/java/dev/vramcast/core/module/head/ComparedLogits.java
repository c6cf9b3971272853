package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.DivergencePieces;
import dev.vramcast.core.autograd.loss.LogitDivergence;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.loss.WholeDivergence;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.StageHabit;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Logits of a student and of its teacher, and the loss over both.
 *
 * @param way how they are compared
 * @param labels tokens of the batch that have one
 */
record ComparedLogits(HeadAndLoss head, StageHead way, long labels) {

  private static final ModuleScope LOSS = ModuleScope.outside("loss", "of two models' logits");

  /** {@code num_output_chunks} of torchtune/modules/loss/ce_chunked_output_loss.py. */
  private static final long OUTPUTS = 8;

  /**
   * The logits as the trainer has them; {@code hidden} stays the caller's.
   *
   * @param returned what happens when the model has returned
   */
  HeadAndLoss.Output logits(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    List<Tensor> logits = new ArrayList<>();
    if (way == StageHead.CHUNKED_KL) {
      logits.addAll(new ChunkedLoss(head).chunks(g, hidden, OUTPUTS));
      logits.add(unit.leave(logits.remove(logits.size() - 1)));
    } else {
      Tensor input = lastTokens(g, hidden);
      logits.add(g.rebind(input, unit.leave(head.logits(g, input))));
    }
    returned.run();
    boolean widened = way == StageHead.JENSEN_SHANNON || way == StageHead.GENERALIZED;
    if (widened && head.settings().outputsInFp32()) {
      logits.replaceAll(
          narrow -> g.rebind(narrow, Pointwise.cast(g, narrow, DataType.FP32, "logits in fp32")));
    }
    return new HeadAndLoss.Output(logits.get(0), logits);
  }

  /** Those of a model that is not trained, as long as they are named. */
  HeadAndLoss.Output ofTeacher(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    List<Tensor> logits = logits(g, hidden, unit, returned).logits();
    if (way == StageHead.FORWARD_KL) {
      logits.replaceAll(each -> g.rebind(each, Pointwise.copy(g, each, "teacher's logits")));
    }
    return new HeadAndLoss.Output(logits.get(0), List.of(), logits.subList(1, logits.size()), 1);
  }

  /**
   * {@code logits_to_keep} of ms-swift: of each sequence the labelled tokens and the one before.
   */
  private Tensor lastTokens(Graph g, Tensor hidden) {
    long sequences = head.settings().batch();
    long tokens = labels / sequences + 1;
    if (way != StageHead.JENSEN_SHANNON || tokens >= head.settings().sequence()) {
      return hidden.hold();
    }
    long width = head.architecture().hiddenSize();
    Tensor view = ShapeOps.slice(g, hidden.hold(), sequences * tokens * width);
    return sequences == 1
        ? view
        : g.rebind(view, Pointwise.copy(g, view, "hidden states with labels"));
  }

  /**
   * The loss; both models' logits stay the caller's.
   *
   * @param student of one piece, or as many as the head gives
   * @param teacher likewise
   * @param mixture of {@link PassHead.Divergence}
   */
  Tensor loss(Graph g, List<Tensor> student, List<Tensor> teacher, double mixture) {
    return g.site()
        .within(
            LOSS,
            () ->
                switch (way) {
                  case FORWARD_KL -> beside(g, student.get(0), teacher.get(0));
                  case CHUNKED_KL -> chunked(g, student, teacher);
                  case JENSEN_SHANNON ->
                      new DivergencePieces(g, words(), mixture)
                          .forward(student.get(0), teacher.get(0), labels);
                  case GENERALIZED ->
                      new WholeDivergence(g, words(), mixture)
                          .forward(student.get(0), teacher.get(0), tokens(), labels);
                  default -> throw new IllegalArgumentException(way.label());
                });
  }

  /**
   * nemo_automodel/recipes/llm/kd.py _forward_backward_step: MaskedCrossEntropy of components/loss,
   * and KDLoss beside it.
   */
  private Tensor beside(Graph g, Tensor student, Tensor teacher) {
    Tensor wide = Pointwise.cast(g, student, DataType.FP32, "logits in fp32");
    Tensor likelihood = g.rebind(wide, LossOps.crossEntropy(g, wide));
    return LossOps.plus(
        g, likelihood, LogitDivergence.forward(g, student, teacher, labels, words()));
  }

  /**
   * recipes/knowledge_distillation_distributed.py _loss_step: the divergence of all chunks, then
   * their cross-entropy.
   */
  private Tensor chunked(Graph g, List<Tensor> student, List<Tensor> teacher) {
    Tensor total = null;
    for (int i = 0; i < student.size(); i++) {
      Tensor each = LogitDivergence.expected(g, student.get(i), teacher.get(i), words());
      total = LossOps.plus(g, total, each);
    }
    ChunkedLoss supervised = new ChunkedLoss(head);
    for (Tensor chunk : student) {
      total = LossOps.plus(g, total, supervised.crossEntropy(g, chunk));
    }
    return Objects.requireNonNull(total);
  }

  /** Tokens whose logits are compared, with a label or without. */
  private long tokens() {
    long sequences = head.settings().batch();
    return head.settings().framework().stages().does(StageHabit.COMPARES_COMPLETIONS)
        ? labels
        : sequences * (head.settings().sequence() - 1);
  }

  private long words() {
    return head.architecture().vocabularySize();
  }
}
