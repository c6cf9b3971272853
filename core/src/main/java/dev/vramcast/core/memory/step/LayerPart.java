package dev.vramcast.core.memory.step;

import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Tensor;

/** A part of a decoder layer: attention or MLP. */
interface LayerPart {

  /** Runs the part; the argument stays the caller's, the result is the caller's. */
  Tensor forward(Graph g, Tensor x, SharedInputs shared);
}
