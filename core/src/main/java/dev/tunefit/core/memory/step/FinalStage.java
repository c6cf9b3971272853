package dev.tunefit.core.memory.step;

import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.Tensor;

/** What stands between the last layer and the head. */
interface FinalStage {

  /** The head's input; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x);
}
