package dev.vramcast.core.module.part;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;

/** What stands between the last layer and the head. */
public interface FinalStage {

  /** The head's input; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x);
}
