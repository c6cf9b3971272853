package dev.vramcast.core.autograd.sequence;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Node;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import org.jspecify.annotations.Nullable;

/**
 * PyTorch's context parallelism (torch/distributed/tensor/experimental/_context_parallel/
 * _attention.py of 2.15, {@code _templated_ring_attention} and its backward): a rank attends to the
 * keys and values of one rank after the other and merges the results in fp32. The rank is the last
 * one, which merges results of all of its queries; the first has to merge half of them.
 *
 * @param shape of the queries of this rank
 * @param ranks that share the sequence
 * @param gathers keys and values of all ranks are gathered at once; else they go around
 * @param copiedKeys keys do not lie by heads, so they are copied
 */
public record TorchRing(AttentionOps.Shape shape, int ranks, boolean gathers, boolean copiedKeys) {

  private static final Operation RING =
      Operation.of(
              "aten::_scaled_dot_product_flash_attention",
              "torch/distributed/tensor/experimental/_attention.py _templated_ring_attention")
          .backward(
              "aten::_scaled_dot_product_flash_attention_backward",
              "torch/distributed/tensor/experimental/_attention.py"
                  + " _templated_ring_attention_backward");

  /** Further steps are like the third. */
  private static final int DISTINCT = 3;

  /** Saves query, key, value, output and row statistics. Arguments stay the caller's. */
  public Tensor forward(Graph g, Tensor query, Tensor key, Tensor value) {
    Node node = g.node(RING, this::backward, query, key, value);
    AttentionOps.saveInputs(g, node, query, key, value);
    Exchange exchange = new Exchange(g, key, value);
    exchange.begin(false);
    Tensor block = block(g, query);
    Tensor rows = rows(g, null);
    Tensor merged = wide(g, query.elements);
    for (int step = 1; step < steps(); step++) {
      exchange.next(step == ranks - 1, false);
      block = g.rebind(block, block(g, query));
      Tensor own = rows(g, null);
      merged = merge(g, merged, query.elements);
      rows = g.rebind(rows, own, rows(g, null));
    }
    Tensor result =
        g.costlyOutput(
            "attention outputs",
            Category.ACTIVATIONS,
            shape.outputElements(),
            query.dtype,
            node,
            false);
    g.save(node, result);
    g.save(node, rows);
    g.release(block, merged);
    g.release(rows);
    exchange.end();
    return result;
  }

  private int steps() {
    return Math.min(ranks, DISTINCT);
  }

  /** {@code _SDPAMerger._merge_one}: {@code out - sigmoid(...) * (out - block_out)}. */
  private Tensor merge(Graph g, Tensor merged, long elements) {
    Tensor block = wide(g, elements);
    Tensor share = rows(g, null);
    Tensor difference = wide(g, elements);
    Tensor product = g.rebind(share, difference, wide(g, elements));
    Tensor next = g.rebind(product, wide(g, elements));
    return g.rebind(merged, block, next);
  }

  private Tensor block(Graph g, Tensor query) {
    return g.allocate(
        "attention of one step", Category.TEMPORARIES, shape.outputElements(), query.dtype());
  }

  private Tensor rows(Graph g, @Nullable Node node) {
    long count = shape.batch() * shape.heads() * shape.queryLength();
    return g.output("attention row statistics", Category.ACTIVATIONS, count, DataType.FP32, node);
  }

  private static Tensor wide(Graph g, long elements) {
    return g.allocate("merged attention in fp32", Category.TEMPORARIES, elements, DataType.FP32);
  }

  private void backward(Graph g, Node n) {
    long query = n.inputs[0].elements;
    Tensor queries = wide(g, query);
    Tensor keys = wide(g, n.inputs[1].elements);
    Tensor values = wide(g, n.inputs[2].elements);
    Exchange exchange = new Exchange(g, n.inputs[1], n.inputs[2]);
    exchange.begin(true);
    Tensor[] step = gradients(g, n, 1);
    Tensor sent = exchange.gradients();
    Tensor passed = exchange.gradients();
    for (int i = 1; i < steps(); i++) {
      exchange.next(i == ranks - 1, true);
      // The first half of another rank's keys comes before all of this rank's tokens.
      Tensor[] next = gradients(g, n, 2);
      for (Tensor old : step) {
        g.release(old);
      }
      step = next;
      g.release(sent);
      // Sums of other ranks came in their place, and are put into new ones.
      g.release(keys, values);
      keys = wide(g, n.inputs[1].elements);
      values = wide(g, n.inputs[2].elements);
      sent = exchange.gradients();
      passed = g.rebind(passed, exchange.gradients());
    }
    n.outgoing[0] = wanted(g, n, 0, exchange.narrow(query, n.inputs[0]));
    g.release(queries);
    long both = n.inputs[1].elements + n.inputs[2].elements;
    Tensor shared = exchange.narrow(both, n.inputs[1]);
    for (int i = 1; i <= 2; i++) {
      Tensor part = g.view(shared.hold(), n.inputs[i].elements, null, 0);
      n.outgoing[i] = wanted(g, n, i, part);
    }
    g.release(shared);
    for (Tensor old : step) {
      g.release(old);
    }
    g.release(keys, values);
    g.release(sent, passed);
    exchange.end();
  }

  /** The kernel makes all gradients; one that nobody wants is dropped. */
  private static @Nullable Tensor wanted(Graph g, Node n, int input, Tensor gradient) {
    if (n.wants(input)) {
      return gradient;
    }
    g.release(gradient);
    return null;
  }

  /** Gradients of one step, of all keys or of a part. */
  private Tensor[] gradients(Graph g, Node n, int part) {
    Tensor[] all = new Tensor[3];
    for (int i = 0; i < all.length; i++) {
      Tensor input = n.inputs[i];
      all[i] =
          g.allocate(
              "gradients of one step",
              Category.TEMPORARIES,
              i == 0 ? input.elements : input.elements / part,
              input.dtype);
    }
    AttentionOps.scratch(g, shape, shape.queryLength() / part, n.inputs[0].dtype);
    return all;
  }

  /** Keys and values on their way. */
  private final class Exchange {

    private final Graph g;
    private final Tensor key;
    private final Tensor value;
    private final long both;
    private @Nullable Tensor ownKey;
    private @Nullable Tensor ownValue;
    private @Nullable Tensor buffer;
    private @Nullable Tensor sent;

    Exchange(Graph g, Tensor key, Tensor value) {
      this.g = g;
      this.key = key;
      this.value = value;
      this.both = key.elements() + value.elements();
    }

    /**
     * {@code key.contiguous()} and {@code value.contiguous()}; both are sent at once.
     *
     * @param keepsSent a name stands for what is sent until something else is
     */
    void begin(boolean keepsSent) {
      ownKey = copiedKeys ? copy(key) : null;
      ownValue = copy(value);
      Tensor first = buffer(both);
      buffer = buffer(gathers ? both * ranks : both);
      if (keepsSent) {
        sent = first;
      } else {
        g.release(first);
      }
    }

    /** What comes is there; it is put together again for the next, if there is one. */
    void next(boolean last, boolean keepsSent) {
      drop(ownKey);
      ownKey = null;
      drop(ownValue);
      ownValue = null;
      if (last) {
        return;
      }
      Tensor together = buffer(both);
      drop(sent);
      sent = null;
      if (!gathers) {
        Tensor coming = buffer(both);
        drop(buffer);
        buffer = coming;
      }
      if (keepsSent) {
        sent = together;
      } else {
        g.release(together);
      }
    }

    void end() {
      drop(sent);
      drop(buffer);
      drop(ownKey);
      drop(ownValue);
    }

    /** Gradients of keys and values on their way. */
    Tensor gradients() {
      return g.allocate("gradients in exchange", Category.COMMUNICATION, both, DataType.FP32);
    }

    Tensor narrow(long elements, Tensor input) {
      return g.allocate("gradients of activations", Category.TEMPORARIES, elements, input.dtype());
    }

    private Tensor copy(Tensor x) {
      return g.allocate("keys and values", Category.TEMPORARIES, x.elements(), x.dtype());
    }

    private Tensor buffer(long elements) {
      return g.allocate(
          "keys and values of other ranks", Category.COMMUNICATION, elements, key.dtype());
    }

    private void drop(@Nullable Tensor tensor) {
      if (tensor != null) {
        g.release(tensor);
      }
    }
  }
}
