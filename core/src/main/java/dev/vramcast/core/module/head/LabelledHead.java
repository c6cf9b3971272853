package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.loss.LabelledLinear;
import dev.vramcast.core.autograd.loss.LabelledLinear.Piece;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.StageHead;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.run.episode.PassHead.Detail;
import dev.vramcast.core.units.DataType;

/**
 * Unsloth's heads of stages that are not supervised: hidden states of labelled tokens go through
 * the head piece by piece (unsloth_zoo/rl_replacements.py grpo_accumulated_loss, 2026.1 to
 * 2026.10).
 */
record LabelledHead(HeadAndLoss head, PassHead.LogProbabilities asked) {

  /** {@code multiplier} of {@code autotune_batch_and_chunks}: chunks of each sequence, at least. */
  private static final long CHUNKS_OF_SEQUENCE = 4;

  /** Tokens of a sequence for which it is cut once more. */
  private static final long TOKENS_OF_CHUNK = 4096;

  /** Log-probabilities of labels; {@code hidden} stays the caller's. */
  Tensor labelled(Graph g, Tensor hidden) {
    Tensor states =
        asked.details().contains(Detail.ALL_STATES) ? hidden.hold() : selected(g, hidden);
    Tensor weight = head.parameter().value();
    long all = states.elements() / head.architecture().hiddenSize();
    DataType dtype = g.autocast() ? g.autocastDtype() : states.dtype();
    if (asked.way() == StageHead.KEPT_CHUNKS) {
      return g.rebind(states, LabelledLinear.kept(g, states, weight, chunks(all, dtype)));
    }
    boolean small = g.room().orElse(Long.MAX_VALUE) <= LinearPieces.SMALL_CARD;
    Piece piece =
        LinearPieces.of(
            head.architecture().hiddenSize(),
            head.architecture().vocabularySize(),
            all,
            Math.min(all, asked.labels()),
            small,
            dtype);
    return g.rebind(states, LabelledLinear.beside(g, states, weight, piece));
  }

  /** Rows that log-probabilities are made of. */
  long rows() {
    return asked.details().contains(Detail.ALL_STATES) ? head.settings().tokens() : asked.labels();
  }

  /** All but the last token, of which those are taken that have a label. */
  private Tensor selected(Graph g, Tensor hidden) {
    long width = head.architecture().hiddenSize();
    long rows = Math.max(1, head.settings().tokens() - 1);
    Tensor shifted = ShapeOps.slice(g, hidden.hold(), rows * width);
    Tensor mask = LabelOps.mask(g, rows);
    return g.rebind(
        shifted,
        mask,
        Routing.gather(g, shifted, mask, asked.labels() * width, "hidden states with labels"));
  }

  private Piece chunks(long rows, DataType dtype) {
    long each = Math.max(CHUNKS_OF_SEQUENCE, head.settings().sequence() / TOKENS_OF_CHUNK);
    long count = Math.min(rows, head.settings().batch() * each);
    long words = head.architecture().vocabularySize();
    return new Piece(rows, rows, (rows + count - 1) / count, words, 0, dtype);
  }
}
