package dev.vramcast.core.megatron;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.autograd.op.FusedLayers.Affine;
import dev.vramcast.core.autograd.op.FusedLayers.Product;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.Shaping;
import dev.vramcast.core.job.option.LossKernel;
import dev.vramcast.core.megatron.layer.Affines;
import dev.vramcast.core.megatron.layer.Division;
import dev.vramcast.core.megatron.layer.ParameterBuffers;
import dev.vramcast.core.megatron.layer.Rows;
import dev.vramcast.core.trace.Category;

/**
 * What the first stage has before its layers and the last one after them
 * (megatron/core/models/gpt/gpt_model.py).
 *
 * @param table of the embedding, null on stages that have none
 * @param norm after the last layer, null as {@code head} on stages that have no loss
 */
record Ends(
    Rows rows, Division division, long hidden, Parameter table, Affine norm, Parameter head) {

  /** Megatron-LM's {@code make_vocab_size_divisible_by}, times the tensor-parallel degree. */
  private static final long VOCABULARY_UNIT = 128;

  static Ends of(
      ParameterBuffers buffers,
      Rows rows,
      Division division,
      Architecture model,
      boolean first,
      boolean last) {
    long hidden = model.hiddenSize();
    long elements = Math.multiplyExact(vocabulary(model, division), hidden);
    boolean tied = model.head().tied();
    boolean shared = tied && first && last;
    Parameter table = first ? buffers.table("embeddings", elements, shared ? 2 : 1) : null;
    Affine norm = last ? Affines.of(buffers, model.finalNorm().orElseThrow()) : null;
    Parameter head = null;
    if (last) {
      head = shared ? table : buffers.table("lm_head", elements, 1);
    }
    return new Ends(rows, division, hidden, table, norm, head);
  }

  /** One rank's rows of the padded vocabulary. */
  private static long vocabulary(Architecture model, Division division) {
    long unit = VOCABULARY_UNIT * division.tensor();
    return (model.vocabularySize() + unit - 1) / unit * VOCABULARY_UNIT;
  }

  /** The buffer into which tokens are gathered for the head, which is kept from call to call. */
  void createBuffers(Graph g, ParameterBuffers buffers) {
    if (head != null && division.tokenDegree() > 1) {
      g.allocate("gathered tokens", Category.COMMUNICATION, rows.all(hidden), buffers.dtype());
    }
  }

  /** Embedded tokens, of which each rank keeps its share; [b s h] becomes [s b h]. */
  Tensor embed(Graph g, Tensor ids) {
    Tensor result = Matrix.embedding(g, table.value(), ids, rows.all(), hidden);
    if (rows.batch() > 1) {
      Tensor turned = Pointwise.copy(g, result, "hidden states");
      g.release(result);
      result = turned;
    }
    if (division.tokenDegree() == 1) {
      return result;
    }
    Tensor share = Shaping.resized(g, result, rows.share(hidden), "hidden states");
    g.release(result);
    return share;
  }

  /** The loss of every token; takes over {@code x}. */
  Tensor loss(Graph g, Tensor x, LossKernel kernel) {
    Tensor normalised = FusedLayers.norm(g, x, norm, rows.share());
    g.release(x);
    long out = head.elements() / hidden;
    Product shape = new Product(rows.all(), hidden, out, division.tokenDegree());
    Tensor logits = FusedLayers.head(g, normalised, head.value(), shape);
    g.release(normalised);
    Tensor loss =
        kernel == LossKernel.TRITON
            ? FusedLayers.crossEntropyInPlace(g, logits, rows.all())
            : FusedLayers.vocabularyCrossEntropy(g, logits, rows.all());
    g.release(logits);
    return loss;
  }
}
