package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;

/** Attention or MLP of a layer, with the norm before it. */
interface Part {

  /** What is added to the residual stream; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor residual);
}
