package dev.vramcast.core.module.head;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.loss.LossOps;
import dev.vramcast.core.autograd.op.Checkpoints;
import dev.vramcast.core.autograd.op.FusedOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Routing;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.job.code.LossChunks;
import dev.vramcast.core.job.code.LossCode;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Head and cross-entropy over chunks of tokens, in the way the framework does it. */
record ChunkedLoss(HeadAndLoss head) {

  /** More chunks than these need no more memory where each is dropped after its use. */
  private static final int DROPPED_CHUNKS = 3;

  /** Where chunks are kept, longer sequences get longer chunks, to bound the work. */
  private static final int KEPT_CHUNKS = 256;

  HeadAndLoss.Output forward(Graph g, Tensor hidden, Runnable returned) {
    LossChunks chunks = head.settings().framework().get(LossCode.CHUNKS);
    if (chunks instanceof LossChunks.OfOutputs outputs) {
      return ofOutputs(g, hidden, outputs.count());
    } else if (chunks instanceof LossChunks.OfTokens tokens) {
      return alone(ofTokens(g, hidden, tokens.count()));
    } else if (chunks instanceof LossChunks.Kept kept) {
      return kept(g, hidden, kept.rows(), returned);
    } else if (chunks instanceof LossChunks.Fused fused) {
      long rows = Math.max(1, fused.elements() / head.architecture().vocabularySize());
      return alone(head.fused(g, hidden, rows));
    } else if (chunks instanceof LossChunks.FusedInFree fused) {
      return alone(head.fused(g, hidden, rows(g, fused)));
    } else if (chunks instanceof LossChunks.Checkpointed checkpointed) {
      return alone(checkpointed(g, hidden, checkpointed.rows()));
    } else if (chunks instanceof LossChunks.Tiles tiles) {
      return alone(new TiledLoss(head, tiles).forward(g, hidden));
    }
    throw new IllegalArgumentException("loss chunks " + chunks.getClass().getSimpleName());
  }

  /** Tokens of a chunk; where no card is named there is memory for the largest. */
  private long rows(Graph g, LossChunks.FusedInFree chunks) {
    long tokens = head.settings().tokens();
    long logits = 4 * Math.multiplyExact(tokens, head.architecture().vocabularySize());
    long count = chunks.count(logits, g.freeBytes().orElse(Long.MAX_VALUE));
    return (tokens + count - 1) / count;
  }

  /** torchtune/modules/loss/ce_chunked_output_loss.py: logits become fp32 chunk by chunk. */
  private HeadAndLoss.Output ofOutputs(Graph g, Tensor hidden, long count) {
    List<Tensor> logits = chunks(g, hidden, count);
    Tensor total = null;
    for (Tensor chunk : logits) {
      total = LossOps.plus(g, total, crossEntropy(g, chunk));
    }
    logits.forEach(g::release);
    return new HeadAndLoss.Output(Objects.requireNonNull(total), List.of());
  }

  /**
   * torchtune/modules/loss/cross_entropy_loss.py LinearCrossEntropyLoss: tokens whose labels count
   * are selected, which copies them all where none is padding.
   */
  private Tensor ofTokens(Graph g, Tensor hidden, long count) {
    long rows = head.settings().tokens();
    Tensor order =
        g.allocate(Aten.EMPTY, "loss statistics", Category.LOGITS_AND_LOSS, rows, DataType.INT64);
    Tensor selected =
        g.rebind(order, Routing.gather(g, hidden, order, hidden.elements(), "chunk inputs"));
    Tensor total = null;
    Tensor[] parts = FusedOps.split(g, selected, sizes(hidden.elements(), Math.min(count, rows)));
    for (Tensor part : parts) {
      Tensor logits = g.rebind(part, head.logits(g, part));
      total = g.rebind(logits, LossOps.plus(g, total, crossEntropy(g, logits)));
    }
    return Objects.requireNonNull(total);
  }

  /** The loss of one chunk of logits, which becomes fp32 unless torch.compile fuses that. */
  Tensor crossEntropy(Graph g, Tensor logits) {
    if (head.settings().loss().isCompiled()) {
      return LossOps.compiledCrossEntropy(
          g, logits, logits.elements() / head.architecture().vocabularySize());
    }
    Tensor wide = Pointwise.cast(g, logits, DataType.FP32, "logits in fp32");
    return g.rebind(wide, LossOps.crossEntropy(g, wide));
  }

  /**
   * litgpt/utils.py chunked_cross_entropy. Fabric makes the model's outputs fp32
   * (lightning/fabric/plugins/precision/half.py, convert_output), and the loop keeps them.
   */
  private HeadAndLoss.Output kept(Graph g, Tensor hidden, long rows, Runnable returned) {
    long chunks = (head.settings().sequence() + rows - 1) / rows;
    long count = Math.min(chunks, KEPT_CHUNKS);
    boolean whole = head.settings().job().adapter().isEmpty();
    List<Tensor> narrow = whole ? List.of(head.logits(g, hidden)) : chunks(g, hidden, count);
    List<Tensor> logits = new ArrayList<>();
    for (Tensor chunk : narrow) {
      logits.add(Pointwise.cast(g, chunk, DataType.FP32, "logits in fp32"));
    }
    narrow.forEach(g::release);
    returned.run();
    Tensor total = null;
    for (Tensor chunk : whole ? pieces(g, logits.get(0), count) : held(logits)) {
      total = g.rebind(chunk, LossOps.plus(g, total, LossOps.crossEntropy(g, chunk)));
    }
    return new HeadAndLoss.Output(Objects.requireNonNull(total), logits);
  }

  private static List<Tensor> held(List<Tensor> tensors) {
    return tensors.stream().map(Tensor::hold).toList();
  }

  /** All logits in pieces, without each sequence's last token. */
  private List<Tensor> pieces(Graph g, Tensor logits, long count) {
    long elements =
        logits.elements() / head.settings().sequence() * (head.settings().sequence() - 1);
    Tensor shifted = ShapeOps.slice(g, logits.hold(), Math.max(elements, count));
    if (head.settings().batch() > 1) {
      shifted = g.rebind(shifted, Pointwise.copy(g, shifted, "shifted logits"));
    }
    return List.of(FusedOps.split(g, shifted, sizes(shifted.elements(), count)));
  }

  /** Logits of so many chunks of each sequence; {@code hidden} stays the caller's. */
  List<Tensor> chunks(Graph g, Tensor hidden, long chunks) {
    long count = Math.min(chunks, head.settings().sequence());
    List<Tensor> logits = new ArrayList<>();
    Tensor[] parts = FusedOps.split(g, hidden.hold(), sizes(hidden.elements(), count));
    for (Tensor part : parts) {
      logits.add(logits(g, part));
      g.release(part);
    }
    return logits;
  }

  private static long[] sizes(long elements, long count) {
    long[] sizes = new long[(int) count];
    for (int i = 0; i < count; i++) {
      sizes[i] = elements / count + (i < elements % count ? 1 : 0);
    }
    return sizes;
  }

  /** A chunk of several sequences is made contiguous. */
  private Tensor logits(Graph g, Tensor part) {
    Tensor input =
        head.settings().batch() == 1 ? part.hold() : Pointwise.copy(g, part, "chunk inputs");
    return g.rebind(input, head.logits(g, input));
  }

  /** TRL 1.4 to 1.14: tokens are put in order, and each chunk is a checkpoint. */
  private Tensor checkpointed(Graph g, Tensor hidden, long chunkRows) {
    StepSettings settings = head.settings();
    long width = head.width(hidden);
    long rows = settings.batch() * Math.max(1, settings.sequence() - 1);
    Tensor shifted = ShapeOps.slice(g, hidden.hold(), rows * width);
    if (settings.batch() > 1) {
      shifted = g.rebind(shifted, Pointwise.copy(g, shifted, "shifted hidden states"));
    }
    Tensor order =
        g.allocate(Aten.EMPTY, "loss statistics", Category.LOGITS_AND_LOSS, rows, DataType.INT64);
    Tensor packed =
        g.rebind(
            shifted,
            order,
            Routing.gather(
                g,
                shifted,
                order,
                head.settings().scoredTokens() * width,
                "shifted hidden states"));
    Tensor weight = head.parameter().value();
    long scored = settings.scoredTokens();
    long chunk = Math.min(chunkRows, scored);
    long count = Math.min(DROPPED_CHUNKS, (scored + chunk - 1) / chunk);
    Tensor total = null;
    for (int i = 0; i < count; i++) {
      Tensor slice = ShapeOps.slice(g, packed.hold(), chunk * width);
      total =
          LossOps.plus(
              g, total, Checkpoints.nonReentrant(g, slice, x -> chunk(g, x, weight, width)));
    }
    g.release(packed);
    return Objects.requireNonNull(total);
  }

  /** trl/trainer/sft_trainer.py _chunk; takes over the hidden states. */
  private Tensor chunk(Graph g, Tensor hidden, Tensor weight, long width) {
    long rows = hidden.elements() / width;
    Tensor wideHidden = Pointwise.cast(g, hidden, DataType.FP32, "chunk inputs");
    Tensor wideWeight = Pointwise.cast(g, weight, DataType.FP32, "fp32 copy of the head");
    Tensor left = Pointwise.lowered(g, wideHidden);
    Tensor right = Pointwise.lowered(g, wideWeight);
    long vocabulary = head.architecture().vocabularySize();
    Tensor logits =
        Matrix.linear(
            g, left, right, null, rows, vocabulary, "chunk logits", Category.LOGITS_AND_LOSS);
    g.release(left, right);
    g.release(wideHidden, wideWeight);
    Tensor wide = Pointwise.cast(g, logits, DataType.FP32, "chunk logits");
    Tensor loss = LossOps.crossEntropy(g, wide);
    LossOps.statistics(g, wide);
    g.release(logits, wide);
    g.release(hidden);
    return loss;
  }

  private static HeadAndLoss.Output alone(Tensor loss) {
    return new HeadAndLoss.Output(loss, List.of());
  }
}
