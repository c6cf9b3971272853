package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;

/** A part of a decoder layer: attention or MLP. */
public interface LayerPart {

  /** Runs the part; the argument stays the caller's, the result is the caller's. */
  Tensor forward(Graph g, Tensor x, SharedInputs shared);
}
