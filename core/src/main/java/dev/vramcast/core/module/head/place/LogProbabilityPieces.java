package dev.vramcast.core.module.head.place;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LabelOps;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.module.head.HeadAndLoss;
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
public record LogProbabilityPieces(PassHead.Pieces asked) {

  /** {@code chunk_size} there. */
  private static final int PIECE = 256;

  private static final ModuleScope LOSS =
      ModuleScope.outside("loss", "axolotl/core/trainers/ebft/strided.py compute_loss");

  /** As {@link HeadAndLoss#forward}; the head is that of the model. */
  public HeadAndLoss.Output forward(
      Graph g, HeadAndLoss head, Tensor hidden, ShardUnit unit, Runnable returned) {
    if (!asked.whole()) {
      return g.site().within(LOSS, () -> ofStates(g, head, hidden));
    }
    Tensor narrow = unit.leave(head.logits(g, hidden));
    returned.run();
    boolean widens = head.settings().outputsInFp32();
    DataType dtype = widens ? DataType.FP32 : narrow.dtype();
    Tensor logits = Pointwise.cast(g, narrow, dtype, "logits in fp32");
    g.release(narrow);
    return g.site().within(LOSS, () -> ofLogits(g, head, logits));
  }

  private HeadAndLoss.Output ofStates(Graph g, HeadAndLoss head, Tensor hidden) {
    long sequences = head.settings().batch();
    long width = head.width(hidden);
    Tensor region = ShapeOps.slice(g, hidden.hold(), sequences * asked.labels() * width);
    List<Tensor> parts = new ArrayList<>();
    for (long rows : pieces()) {
      Tensor piece = ShapeOps.slice(g, region.hold(), sequences * rows * width);
      Tensor narrow = g.rebind(piece, head.logits(g, piece));
      Tensor wide = Pointwise.cast(g, narrow, DataType.FP32, "logits in fp32");
      parts.add(g.rebind(narrow, wide, LabelOps.whole(g, wide, sequences * rows, false)));
    }
    g.release(region);
    // The loop's h_chunk is a view of it.
    return output(g, parts, List.of(hidden.hold()));
  }

  private HeadAndLoss.Output ofLogits(Graph g, HeadAndLoss head, Tensor logits) {
    long sequences = head.settings().batch();
    long words = head.architecture().vocabularySize();
    Tensor region = LossOps.withoutLastToken(g, logits.hold(), sequences * asked.labels() * words);
    List<Tensor> parts = new ArrayList<>();
    for (long rows : pieces()) {
      Tensor piece = ShapeOps.slice(g, region.hold(), sequences * rows * words);
      Tensor wide = g.rebind(piece, Pointwise.cast(g, piece, DataType.FP32, "logits in fp32"));
      boolean copies = sequences > 1;
      parts.add(g.rebind(wide, LabelOps.whole(g, wide, sequences * rows, copies)));
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
}
