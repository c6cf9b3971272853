package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.loss.TiledLogProbs;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.units.DataType;

/**
 * TRL's head from 1.15 on, which never makes the logits: {@code add_fused_lm_head}
 * (trl/trainer/utils.py) selects the tokens that have a label and hands them to {@code
 * ChunkedLogProbFunction} (trl/kernels/chunked_logprob.py).
 */
record TiledLoss(HeadAndLoss head, LossChunks.Tiles tiles) {

  /** The loss over all tokens whose label counts; {@code hidden} stays the caller's. */
  Tensor forward(Graph g, Tensor hidden) {
    try (Scope scope = Scope.of(g)) {
      return Pointwise.scale(
          g, scope.own(labelled(g, hidden, head.settings().scoredTokens())), "loss");
    }
  }

  /** All tokens but the last of each sequence. */
  long shifted() {
    return head.settings().batch() * Math.max(1, head.settings().sequence() - 1);
  }

  /** Log-probabilities of so many labels; {@code hidden} stays the caller's. */
  Tensor labelled(Graph g, Tensor hidden, long labels) {
    long width = head.width(hidden);
    long rows = shifted();
    Tensor shifted = ShapeOps.slice(g, hidden.hold(), rows * width);
    Tensor mask = LabelOps.mask(g, rows);
    Tensor labelled =
        g.rebind(
            shifted,
            mask,
            Routing.gather(g, shifted, mask, labels * width, "hidden states with labels"));
    Tensor weight = head.parameter().value();
    DataType dtype = g.autocast() ? g.autocastDtype() : labelled.dtype();
    TiledLogProbs.Tiles sizes =
        new TiledLogProbs.Tiles(
            labels,
            Math.min(labels, tiles.tokens()),
            tiles.words(),
            Math.min(head.architecture().vocabularySize(), tiles.words()),
            dtype);
    return g.rebind(labelled, TiledLogProbs.of(g, labelled, weight, sizes));
  }
}
