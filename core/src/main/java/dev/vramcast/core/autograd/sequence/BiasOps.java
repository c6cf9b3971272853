package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.EfficientKernel;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.Optional;

/** Numbers that are added to attention scores. */
public final class BiasOps {

  private static final Operation EFFICIENT =
      Operation.of("aten::_efficient_attention_forward")
          .backward("aten::_efficient_attention_backward");

  private static final Operation CLAMP =
      Operation.of(
          "aten::clamp",
          "transformers/models/deberta_v2/modeling_deberta_v2.py disentangled_attention_bias");

  private static final Operation MASK = Operation.of("aten::add");

  private static final Operation BUCKETS =
      Operation.of("aten::add", "transformers/models/t5/modeling_t5.py _relative_position_bucket");

  private static final String NAME = "attention bias";

  private BiasOps() {}

  /**
   * A row of a table for each distance of two tokens, which saves the whole numbers of the rows.
   *
   * @param pairs of tokens
   * @param heads features of a row
   */
  public static Tensor byDistance(Graph g, Tensor table, long pairs, long heads) {
    Tensor buckets = g.allocate(BUCKETS, NAME, Category.TEMPORARIES, pairs, DataType.INT64);
    return g.rebind(buckets, Matrix.embedding(g, table, buckets, pairs, heads));
  }

  /** Whole numbers for pairs of tokens. */
  public static Tensor wholeNumbers(Graph g, long pairs) {
    return g.allocate(CLAMP, "distances", Category.OTHER, pairs, DataType.INT64);
  }

  /** Zeros in the place of such a bias. */
  public static Tensor zeros(Graph g, long elements, DataType dtype) {
    return g.allocate(Aten.ZEROS, NAME, Category.ACTIVATIONS, elements, dtype);
  }

  /**
   * A mask added to a bias; arguments stay the caller's.
   *
   * @param elements of the sum, as which both are broadcast
   */
  public static Tensor masked(Graph g, Tensor bias, Tensor mask, long elements) {
    Node node = g.node(MASK, (graph, n) -> n.outgoing[0] = n.gradient().hold(), bias);
    if (node != null) {
      node.fitted = true;
    }
    boolean wide = bias.dtype().bytes() >= mask.dtype().bytes();
    return g.output(NAME, Category.ACTIVATIONS, elements, wide ? bias.dtype() : mask.dtype(), node);
  }

  /**
   * {@code where(mask, bias, number)}: saves the mask; arguments stay the caller's.
   *
   * @param elements of the result, as which both are broadcast
   */
  public static Tensor where(Graph g, Tensor mask, Tensor bias, long elements) {
    Node node =
        g.node(
            Aten.WHERE,
            (graph, n) ->
                n.outgoing[0] =
                    graph.allocate(
                        Pointwise.gradientName(n.inputs[0]),
                        Pointwise.gradientCategory(n.inputs[0]),
                        elements,
                        n.gradient().dtype()),
            bias);
    if (node != null) {
      node.fitted = true;
    }
    g.save(node, mask);
    return g.output(NAME, Category.ACTIVATIONS, elements, bias.dtype(), node);
  }

  /**
   * {@link AttentionOps#efficient} with a bias that may want a gradient, which has all sequences
   * and heads and rows of a multiple of 16 (aten/src/ATen/native/transformers/cuda/
   * attention_backward.cu {@code grad_bias}).
   *
   * @param heads query, key and value
   * @param bias of all sequences and heads, as a view where they share one
   */
  public static Tensor attend(
      Graph g,
      Tensor[] heads,
      Tensor bias,
      AttentionOps.Shape shape,
      Optional<EfficientKernel> card) {
    Tensor query = heads[0];
    Tensor[] inputs = {query, heads[1], heads[2], bias};
    Node node =
        g.node(
            EFFICIENT, (graph, n) -> AttentionOps.efficientBackward(graph, n, shape, card), inputs);
    AttentionOps.saveInputs(g, node, inputs);
    Tensor result =
        g.output(
            "attention outputs", Category.ACTIVATIONS, shape.outputElements(), query.dtype(), node);
    long rows = (shape.queryLength() + 31) / 32 * 32;
    return AttentionOps.withRows(g, node, result, shape.batch() * shape.heads() * rows);
  }
}
