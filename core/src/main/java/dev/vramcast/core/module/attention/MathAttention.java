package dev.vramcast.core.module.attention;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Scope;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.op.Matrix;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.units.DataType;

/**
 * What SDPA does without a mask where no kernel takes what it gets: pytorch
 * _scaled_dot_product_attention_math (aten/src/ATen/native/transformers/attention.cpp), all in
 * fp32, with scaled operands and a softmax that saves its result.
 */
record MathAttention(HeadOps ops) {

  /** Attends; the arguments stay the caller's. */
  Tensor forward(Graph g, Tensor[] inputs) {
    Tensor[] wide = new Tensor[3];
    for (int i = 0; i < 3; i++) {
      wide[i] = Pointwise.cast(g, inputs[i], DataType.FP32, "attention inputs in fp32");
    }
    try (Scope scope = Scope.of(g)) {
      scope.own(wide);
      Tensor result = ops.broadcasts() ? broadcast(g, wide) : grouped(g, wide);
      return g.rebind(result, Pointwise.cast(g, result, inputs[0].dtype(), "attention outputs"));
    }
  }

  /** Products expand the single head, which of several sequences is a copy. */
  private Tensor broadcast(Graph g, Tensor[] inputs) {
    int groups = ops.shape().heads() / ops.shape().kvHeads();
    boolean copies = ops.settings().batch() > 1;
    Tensor scaled = Pointwise.scale(g, inputs[0], "scaled queries");
    Tensor query = copies ? g.rebind(scaled, Pointwise.copy(g, scaled, "scaled queries")) : scaled;
    Tensor small = Pointwise.scale(g, inputs[1], "scaled keys");
    Tensor key = g.rebind(small, ops.repeated(g, small, groups, copies, "scaled keys"));
    Tensor probabilities = weights(g, query, key);
    Tensor value = ops.repeated(g, inputs[2], groups, copies, "values");
    return g.rebind(
        probabilities,
        value,
        Matrix.product(g, probabilities, value, ops.outputElements(), "attention outputs"));
  }

  /** With dropout, whose mask is saved beside its result; takes over both. */
  private Tensor weights(Graph g, Tensor query, Tensor key) {
    Tensor raw =
        g.rebind(query, key, Matrix.product(g, query, key, ops.scores(), "attention scores"));
    Tensor masked = g.rebind(raw, Pointwise.scale(g, raw, "attention scores"));
    Tensor weights =
        g.rebind(
            masked, Pointwise.savingResult(g, Aten.SOFTMAX, masked, "attention weights in fp32"));
    return g.rebind(weights, ops.dropped(g, weights));
  }

  /** Causal; the function names its mask, and the keys and values of all heads, to its end. */
  private Tensor grouped(Graph g, Tensor[] inputs) {
    int groups = ops.shape().heads() / ops.shape().kvHeads();
    try (Scope scope = Scope.of(g)) {
      Tensor query = scope.own(Pointwise.scale(g, inputs[0], "scaled queries"));
      long pairs = ops.settings().sequence() * ops.keys();
      scope.own(Pointwise.detached(g, pairs, query.dtype(), "attention mask"));
      Tensor allKeys = scope.own(AttentionOps.repeatHeads(g, inputs[1], groups, "keys"));
      Tensor value = scope.own(AttentionOps.repeatHeads(g, inputs[2], groups, "values"));
      Tensor key = Pointwise.scale(g, allKeys, "scaled keys");
      Tensor probabilities = scope.own(weights(g, query.hold(), key));
      return Matrix.product(g, probabilities, value, ops.outputElements(), "attention outputs");
    }
  }
}
