package dev.vramcast.core.module.attention;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;

/**
 * What SDPA does with a mask and grouped keys, which no fused kernel takes both of: {@code
 * _scaled_dot_product_attention_math} in aten/src/ATen/native/transformers/attention.cpp, 2.6 to
 * 2.13 as read, where {@code _safe_softmax} puts zeros into rows that see nothing.
 */
record WrittenOutAttention(HeadShape shape, StepSettings settings) {

  /**
   * Attends.
   *
   * @param heads query, key and value; they stay the caller's, as does {@code mask}
   */
  Tensor forward(Graph g, Tensor[] heads, Tensor mask) {
    try (Scope scope = Scope.of(g)) {
      Tensor input = scope.own(Pointwise.lowered(g, heads[0]));
      DataType dtype = settings.writtenOutDtype(input.dtype());
      Tensor query = wide(g, heads[0], dtype);
      query = scope.own(g.rebind(query, Pointwise.scale(g, query, "scaled queries")));
      Tensor key = repeated(g, heads[1], dtype, "keys");
      Tensor value = scope.own(repeated(g, heads[2], dtype, "values"));
      key = scope.own(g.rebind(key, Pointwise.scale(g, key, "scaled keys")));
      long pairs = settings.sequence() * settings.sequence();
      long scores = settings.batch() * shape.heads() * pairs;
      Tensor raw = Matrix.product(g, query, key, scores, "attention scores");
      Tensor weights = scope.own(softmax(g, Pointwise.addInPlace(g, raw, mask)));
      long outputs = settings.tokens() * shape.heads() * shape.valueSize();
      // The weights are returned too, in the dtype of the input.
      scope.own(Pointwise.detachedCast(g, weights, input.dtype(), "attention weights"));
      Tensor wide = scope.own(Matrix.product(g, weights, value, outputs, "attention outputs"));
      Tensor output = scope.own(Pointwise.cast(g, wide, input.dtype(), "attention outputs"));
      return Pointwise.copy(g, output, "attention outputs by token");
    }
  }

  private static Tensor wide(Graph g, Tensor x, DataType dtype) {
    Tensor lowered = Pointwise.lowered(g, x);
    return g.rebind(lowered, Pointwise.cast(g, lowered, dtype));
  }

  private Tensor repeated(Graph g, Tensor x, DataType dtype, String name) {
    Tensor wide = wide(g, x, dtype);
    int groups = shape.heads() / shape.kvHeads();
    return g.rebind(wide, AttentionOps.repeatHeads(g, wide, groups, name));
  }

  /**
   * {@code _safe_softmax}, which keeps its result alone; takes over {@code scores}. What has been
   * made by then stays until the result is there.
   */
  private static Tensor softmax(Graph g, Tensor scores) {
    try (Scope scope = Scope.of(g)) {
      scope.own(scores);
      scope.own(Pointwise.detachedCast(g, scores, DataType.BOOL, "rows that see nothing"));
      long elements = scores.elements();
      scope.own(Pointwise.detached(g, elements, scores.dtype(), "attention weights"));
      return Pointwise.savingResult(g, Aten.SOFTMAX, scores, "attention weights");
    }
  }
}
