package dev.vramcast.core.module.vision;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.autograd.op.ShapeOps;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;

/**
 * SDPA without a mask whose keys and values have one head, which is not said to be shared: no
 * kernel takes that (aten/src/ATen/native/transformers/sdp_utils_cpp.h,
 * check_batch_size_and_num_heads_dense), so that it is written out in fp32 (attention.cpp
 * _scaled_dot_product_attention_math).
 *
 * @param sequences that are seen apart
 * @param scores products of queries and keys of all heads
 */
record SingleHeadAttention(long sequences, int heads, long scores) {

  private static final String WEIGHTS = "attention weights";

  /** What queries see, by head; the arguments, which lie by head too, stay the caller's. */
  Tensor forward(Graph g, Tensor query, Tensor key, Tensor value) {
    try (Scope scope = Scope.of(g)) {
      Tensor[] wide = new Tensor[3];
      Tensor[] given = {query, key, value};
      for (int i = 0; i < wide.length; i++) {
        Tensor narrow = scope.own(Pointwise.lowered(g, given[i]));
        wide[i] = scope.own(Pointwise.cast(g, narrow, DataType.FP32, "attention inputs in fp32"));
      }
      Tensor scaled = scope.own(Pointwise.scale(g, wide[0], "scaled queries"));
      Tensor small = Pointwise.scale(g, wide[1], "scaled keys");
      Tensor keys = g.rebind(small, repeated(g, small, "scaled keys"));
      Tensor raw = g.rebind(keys, Matrix.product(g, scaled, keys, scores, "attention scores"));
      Tensor weights =
          scope.own(g.rebind(raw, Pointwise.savingResult(g, Aten.SOFTMAX, raw, WEIGHTS)));
      Tensor values = repeated(g, wide[2], "values");
      Tensor seen =
          g.rebind(
              values, Matrix.product(g, weights, values, query.elements(), "attention outputs"));
      DataType narrow = g.autocast() ? g.autocastDtype() : query.dtype();
      // The function returns its weights in that dtype, too.
      if (narrow != DataType.FP32) {
        scope.own(Pointwise.detached(g, scores, narrow, WEIGHTS));
      }
      return g.rebind(seen, Pointwise.cast(g, seen, narrow, "attention outputs"));
    }
  }

  /** Products expand the single head, which of several sequences is a copy. */
  private Tensor repeated(Graph g, Tensor x, String name) {
    return sequences == 1
        ? ShapeOps.expand(g, x.hold(), x.elements() * heads)
        : AttentionOps.repeatHeads(g, x, heads, name);
  }
}
