package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.AttentionOps;
import dev.vramcast.core.autograd.sequence.RingAttention;

/**
 * The fused kernel of TransformerEngine's DotProductAttention.
 *
 * @param context ranks among which every sequence is divided
 */
record CoreAttention(int context) {

  Tensor attend(Graph g, Tensor query, Tensor key, Tensor value, AttentionOps.Shape shape) {
    return context == 1
        ? AttentionOps.flash(g, query, key, value, shape)
        : RingAttention.of(g, query, key, value, shape);
  }
}
