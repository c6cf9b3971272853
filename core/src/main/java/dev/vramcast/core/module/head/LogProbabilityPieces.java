package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.run.episode.PassHead;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * Log-probabilities of the last tokens of each sequence, some hundred at a time
 * (axolotl/core/trainers/ebft/strided.py compute_loss): behind adapters the head runs over a piece
 * of the hidden states, else the whole model over all tokens, whose logits {@code outputs} names
 * until the loss is there. {@code log_softmax} saves its fp32 result either way.
 */
record LogProbabilityPieces(HeadAndLoss head, PassHead.Pieces asked) {

  /** {@code chunk_size} there. */
  private static final int PIECE = 256;

  private static final ModuleScope LOSS =
      ModuleScope.outside("loss", "axolotl/core/trainers/ebft/strided.py compute_loss");

  /** As {@link HeadAndLoss#forward}. */
  HeadAndLoss.Output forward(Graph g, Tensor hidden, ShardUnit unit, Runnable returned) {
    if (!asked.whole()) {
      return g.site().within(LOSS, () -> ofStates(g, hidden));
    }
    Tensor narrow = unit.leave(head.logits(g, hidden));
    returned.run();
    boolean widens = head.settings().outputsInFp32();
    DataType dtype = widens ? DataType.FP32 : narrow.dtype();
    Tensor logits = Pointwise.cast(g, narrow, dtype, "logits in fp32");
    g.release(narrow);
    return g.site().within(LOSS, () -> ofLogits(g, logits));
  }

  private HeadAndLoss.Output ofStates(Graph g, Tensor hidden) {
    long width = head.width(hidden);
    Tensor region = ShapeOps.slice(g, hidden.hold(), labels() * width);
    List<Tensor> parts = new ArrayList<>();
    for (long rows : pieces()) {
      Tensor piece = ShapeOps.slice(g, region.hold(), sequences() * rows * width);
      Tensor narrow = g.rebind(piece, head.logits(g, piece));
      Tensor wide = Pointwise.cast(g, narrow, DataType.FP32, "logits in fp32");
      parts.add(g.rebind(narrow, wide, LabelOps.whole(g, wide, sequences() * rows, false)));
    }
    g.release(region);
    // The loop's h_chunk is a view of it.
    return output(g, parts, List.of(hidden.hold()));
  }

  private HeadAndLoss.Output ofLogits(Graph g, Tensor logits) {
    long words = head.architecture().vocabularySize();
    Tensor region = LossOps.withoutLastToken(g, logits.hold(), labels() * words);
    List<Tensor> parts = new ArrayList<>();
    for (long rows : pieces()) {
      Tensor piece = ShapeOps.slice(g, region.hold(), sequences() * rows * words);
      Tensor wide = g.rebind(piece, Pointwise.cast(g, piece, DataType.FP32, "logits in fp32"));
      boolean copies = sequences() > 1;
      parts.add(g.rebind(wide, LabelOps.whole(g, wide, sequences() * rows, copies)));
    }
    g.release(region);
    return output(g, parts, List.of(logits));
  }

  private static HeadAndLoss.Output output(Graph g, List<Tensor> parts, List<Tensor> named) {
    Tensor[] all = parts.toArray(Tensor[]::new);
    Tensor result = ShapeOps.concatenate(g, "log-probabilities of labels", all);
    parts.forEach(g::release);
    return new HeadAndLoss.Output(result, List.of(), named, result.elements());
  }

  /** Tokens of a sequence in each piece. */
  private List<Long> pieces() {
    List<Long> pieces = new ArrayList<>();
    for (long done = 0; done < asked.labels(); done += PIECE) {
      pieces.add(Math.min(PIECE, asked.labels() - done));
    }
    return pieces;
  }

  private long labels() {
    return sequences() * asked.labels();
  }

  private long sequences() {
    return head.settings().batch();
  }
}
