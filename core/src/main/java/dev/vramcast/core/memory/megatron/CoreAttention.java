package dev.vramcast.core.memory.megatron;

import dev.vramcast.core.memory.autograd.Attending;
import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.RingAttention;
import dev.vramcast.core.memory.autograd.Tensor;

/**
 * The fused kernel of TransformerEngine's DotProductAttention.
 *
 * @param context ranks among which every sequence is divided
 */
record CoreAttention(int context) {

  Tensor attend(Graph g, Tensor query, Tensor key, Tensor value, Attending.Shape shape) {
    return context == 1
        ? Attending.flash(g, query, key, value, shape)
        : RingAttention.of(g, query, key, value, shape);
  }
}
