package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.DivergenceOps;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.loss.TiledLogProbs;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.ModuleScope;
import java.util.List;

/**
 * TRL's loss of distillation (trl/trainer/distillation_trainer.py _chunked_divergence_loss): hidden
 * states of the completions, of the student and of its teacher, and the divergence over tiles of
 * both heads' logits.
 */
record Divergence(HeadAndLoss head, PassHead.Divergence asked) {

  private static final ModuleScope LOSS =
      ModuleScope.outside("loss", "trl/trainer/distillation_trainer.py _chunked_divergence_loss");

  private static final String STATES = "hidden states with labels";

  /**
   * The loss; {@code hidden} stays the caller's, as does what the teacher made.
   *
   * @param states of the teacher's completions
   * @param teacher its head
   */
  HeadAndLoss.Output forward(
      Graph g, Tensor hidden, ShardUnit unit, Tensor states, HeadAndLoss teacher) {
    return g.site().within(LOSS, () -> compared(g, hidden, unit, states, teacher));
  }

  private HeadAndLoss.Output compared(
      Graph g, Tensor hidden, ShardUnit unit, Tensor states, HeadAndLoss teacher) {
    Tensor completions = completions(head, g, hidden, asked.labels());
    try (Scope scope = Scope.of(g)) {
      Tensor mask = scope.own(LabelOps.mask(g, asked.labels()));
      Tensor flat = flat(g, completions);
      Tensor other = flat(g, states);
      Tensor mine = scope.own(Routing.gather(g, flat, mask, flat.elements(), STATES));
      Tensor its = scope.own(Routing.gather(g, other, mask, other.elements(), STATES));
      g.release(flat, other);
      Tensor each =
          scope.own(
              unit.leave(
                  DivergenceOps.tiled(
                      g,
                      new DivergenceOps.Side(mine, head.parameter().value()),
                      new DivergenceOps.Side(its, teacher.parameter().value()),
                      sizes(mine))));
      Tensor loss = ShapeOps.sum(g, each, 1, "loss");
      return new HeadAndLoss.Output(loss, List.of(), List.of(completions), 1);
    }
  }

  /** A batch of one is contiguous when its first tokens are left out. */
  private Tensor flat(Graph g, Tensor completions) {
    return head.settings().batch() == 1
        ? completions.hold()
        : Pointwise.copy(g, completions, STATES);
  }

  private TiledLogProbs.Tiles sizes(Tensor states) {
    LossChunks.Tiles tiles = head.settings().framework().stages().tiles();
    return new TiledLogProbs.Tiles(
        asked.labels(),
        Math.min(asked.labels(), tiles.tokens()),
        tiles.words(),
        Math.min(head.architecture().vocabularySize(), tiles.words()),
        states.dtype());
  }

  /** Views of the last tokens that have one behind them ({@code _get_last_hidden_state}). */
  private static Tensor completions(HeadAndLoss head, Graph g, Tensor hidden, long labels) {
    long width = head.architecture().hiddenSize();
    long shifted = head.settings().batch() * Math.max(1, head.settings().sequence() - 1);
    Tensor before = ShapeOps.slice(g, hidden.hold(), shifted * width);
    return ShapeOps.slice(g, before, labels * width);
  }

  /** Hidden states of the completions, for another model's head. */
  static HeadAndLoss.Output states(HeadAndLoss head, Graph g, Tensor hidden, long labels) {
    return new HeadAndLoss.Output(completions(head, g, hidden, labels), List.of());
  }
}
