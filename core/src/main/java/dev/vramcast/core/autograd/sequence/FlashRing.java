package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * The package ring_flash_attn 0.1.8, which Axolotl and OpenRLHF put in place of FlashAttention. The
 * rank is the last one, which attends to the keys of all.
 *
 * @param shape of the queries of this rank
 * @param ranks that share the sequence
 */
public record FlashRing(AttentionOps.Shape shape, int ranks) {

  private static final Operation RING =
      Operation.of("flash_attn::_flash_attn_forward", "ring_flash_attn/ring_flash_attn.py")
          .backward("flash_attn::_flash_attn_backward", "ring_flash_attn/ring_flash_attn.py");

  private static final Operation GATHERED =
      Operation.of(
              "flash_attn::_flash_attn_varlen_forward",
              "ring_flash_attn/llama3_flash_attn_varlen.py")
          .backward(
              "flash_attn::_flash_attn_varlen_backward",
              "ring_flash_attn/llama3_flash_attn_varlen.py");

  /**
   * {@code RingFlashAttnFunc}: keys and values go around. Saves query, key, value, output and row
   * statistics. Arguments stay the caller's.
   */
  public Tensor around(Graph g, Tensor query, Tensor key, Tensor value) {
    Node node = g.node(RING, this::aroundBack, query, key, value);
    AttentionOps.saveInputs(g, node, query, key, value);
    try (Scope scope = Scope.of(g)) {
      Tensor passed = scope.own(passed(g, key, value));
      Tensor merged = temporary(g, query.elements(), DataType.FP32);
      if (ranks > 2) {
        scope.own(passed(g, key, value));
      }
      Tensor block = scope.own(temporary(g, query.elements(), passed.dtype()));
      // _update_out_and_lse: out - sigmoid(...) * (out - block_out)
      Tensor wide = scope.own(temporary(g, block.elements(), DataType.FP32));
      Tensor difference = temporary(g, wide.elements(), DataType.FP32);
      Tensor product = g.rebind(difference, temporary(g, wide.elements(), DataType.FP32));
      Tensor next = g.rebind(product, temporary(g, wide.elements(), DataType.FP32));
      scope.own(g.rebind(merged, next));
      return result(g, node, query);
    }
  }

  private void aroundBack(Graph g, Node n) {
    Tensor query = n.inputs[0];
    long both = n.inputs[1].elements() + n.inputs[2].elements();
    try (Scope scope = Scope.of(g)) {
      scope.own(temporary(g, query.elements() + both, query.dtype()));
      scope.own(passed(g, n.inputs[1], n.inputs[2]));
      scope.own(temporary(g, query.elements(), DataType.FP32));
      Tensor own = temporary(g, both, DataType.FP32);
      Tensor going = exchanged(g, both);
      if (ranks > 2) {
        scope.own(passed(g, n.inputs[1], n.inputs[2]));
      }
      AttentionOps.scratch(g, shape, shape.queryLength(), query.dtype());
      own = scope.own(g.rebind(own, temporary(g, both, DataType.FP32)));
      scope.own(g.rebind(going, exchanged(g, own.elements())));
      AttentionOps.gradients(g, n);
    }
  }

  /**
   * {@code Llama3FlashAttnVarlenFunc}: keys and values of all ranks are gathered, one head after
   * the other ({@code heads_k_stride} 1), those of the next head while one is attended to.
   */
  public Tensor gathered(Graph g, Tensor query, Tensor key, Tensor value) {
    Node node = g.node(GATHERED, this::gatheredBack, query, key, value);
    AttentionOps.saveInputs(g, node, query, key, value);
    try (Scope scope = Scope.of(g)) {
      scope.own(head(g, key, value), head(g, key, value));
      scope.own(temporary(g, query.elements(), query.dtype()));
      return result(g, node, query);
    }
  }

  private void gatheredBack(Graph g, Node n) {
    Tensor key = n.inputs[1];
    Tensor value = n.inputs[2];
    try (Scope scope = Scope.of(g)) {
      scope.own(head(g, key, value), head(g, key, value), head(g, key, value));
      scope.own(temporary(g, (key.elements() + value.elements()) / shape.kvHeads(), key.dtype()));
      AttentionOps.gradients(g, n);
      int queries = shape.heads() / shape.kvHeads();
      AttentionOps.Shape one =
          new AttentionOps.Shape(
              shape.batch(), shape.queryLength(), queries, 1, shape.headSize(), shape.valueSize());
      AttentionOps.scratch(g, one, shape.queryLength() * ranks, key.dtype());
    }
  }

  /** Keys and values of one head, of all ranks. */
  private Tensor head(Graph g, Tensor key, Tensor value) {
    long both = key.elements() + value.elements();
    return buffer(g, both * ranks / shape.kvHeads(), key.dtype());
  }

  private static Tensor passed(Graph g, Tensor key, Tensor value) {
    return buffer(g, key.elements() + value.elements(), key.dtype());
  }

  private static Tensor exchanged(Graph g, long elements) {
    return g.allocate("gradients in exchange", Category.COMMUNICATION, elements, DataType.FP32);
  }

  private static Tensor buffer(Graph g, long elements, DataType dtype) {
    return g.allocate("keys and values of other ranks", Category.COMMUNICATION, elements, dtype);
  }

  private static Tensor temporary(Graph g, long elements, DataType dtype) {
    return g.allocate("attention of one step", Category.TEMPORARIES, elements, dtype);
  }

  private Tensor result(Graph g, @Nullable Node node, Tensor query) {
    Tensor result =
        g.output(
            "attention outputs", Category.ACTIVATIONS, shape.outputElements(), query.dtype(), node);
    return AttentionOps.withRows(
        g, node, result, shape.batch() * shape.heads() * shape.queryLength());
  }
}
