package dev.vramcast.core.memory.megatron;

import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Tensor;

/** Attention or MLP of a layer, with the norm before it. */
interface Part {

  /** What is added to the residual stream; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor residual);
}
