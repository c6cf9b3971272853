package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;

/**
 * Attention over a sequence of which every rank holds a share: keys and values go around from rank
 * to rank (transformer_engine/pytorch/attention/dot_product_attention/context_parallel.py,
 * AttnFuncWithCPAndKVP2P).
 */
public final class RingAttention {

  private static final String SOURCE =
      "transformer_engine/pytorch/attention/dot_product_attention/context_parallel.py"
          + " AttnFuncWithCPAndKVP2P";

  private static final Operation RING =
      Operation.of("AttnFuncWithCPAndKVP2P", SOURCE + ".forward")
          .backward("AttnFuncWithCPAndKVP2P backward", SOURCE + ".backward");

  private RingAttention() {}

  /**
   * Two buffers hold keys and values, one to read and one to receive into, and two the results of a
   * step each, which are summed into the output. Saves query, output, row statistics and the buffer
   * that was read last.
   */
  public static Tensor of(
      Graph g, Tensor query, Tensor key, Tensor value, AttentionOps.Shape shape) {
    Node node = g.node(RING, RingAttention::backward, query, key, value);
    long ring = key.elements + value.elements;
    Tensor first = buffer(g, ring, query.dtype);
    Tensor second = buffer(g, ring, query.dtype);
    try (Scope scope = Scope.of(g)) {
      scope.own(step(g, shape, query.dtype));
      scope.own(step(g, shape, query.dtype));
      scope.own(first, second);
      Tensor result =
          g.output(
              "attention outputs", Category.ACTIVATIONS, shape.outputElements(), query.dtype, node);
      Tensor rows =
          scope.own(
              g.allocate(
                  "attention row statistics",
                  Category.ACTIVATIONS,
                  shape.batch() * shape.heads() * shape.queryLength(),
                  DataType.FP32));
      g.save(node, query);
      g.save(node, second);
      g.save(node, result);
      g.save(node, rows);
      return result;
    }
  }

  /** Keys and values go around again, and their gradients with them. */
  private static void backward(Graph g, Node n) {
    long ring = n.inputs[1].elements + n.inputs[2].elements;
    DataType dtype = n.inputs[0].dtype;
    try (Scope scope = Scope.of(g)) {
      scope.own(buffer(g, ring, dtype));
      scope.own(buffer(g, ring, dtype));
      scope.own(buffer(g, ring, dtype));
      n.outgoing[0] = Pointwise.gradientLike(g, n.inputs[0]);
      step(g, n, ring);
      n.outgoing[1] = Pointwise.gradientLike(g, n.inputs[1]);
      n.outgoing[2] = Pointwise.gradientLike(g, n.inputs[2]);
    }
  }

  /** The gradients of one step. */
  private static void step(Graph g, Node n, long ring) {
    try (Scope scope = Scope.of(g)) {
      scope.own(Pointwise.gradientLike(g, n.inputs[0]));
      scope.own(buffer(g, ring, n.inputs[0].dtype));
    }
  }

  private static Tensor buffer(Graph g, long elements, DataType dtype) {
    return g.allocate("keys and values in exchange", Category.COMMUNICATION, elements, dtype);
  }

  private static Tensor step(Graph g, AttentionOps.Shape shape, DataType dtype) {
    return g.allocate("attention of one step", Category.TEMPORARIES, shape.outputElements(), dtype);
  }
}
