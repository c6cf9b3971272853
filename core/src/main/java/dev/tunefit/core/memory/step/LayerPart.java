package dev.tunefit.core.memory.step;

import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.Tensor;

/** A part of a decoder layer: attention or MLP. */
interface LayerPart {

  /** Runs the part; the argument stays the caller's, the result is the caller's. */
  Tensor forward(Graph g, Tensor x, SharedInputs shared);
}
