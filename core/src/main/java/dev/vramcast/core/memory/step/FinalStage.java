package dev.vramcast.core.memory.step;

import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Tensor;

/** What stands between the last layer and the head. */
interface FinalStage {

  /** The head's input; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x);
}
