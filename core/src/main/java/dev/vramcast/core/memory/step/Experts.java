package dev.vramcast.core.memory.step;

import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Tensor;

/** The routed experts of a layer, in one of the ways they can be run. */
interface Experts {

  /** Sum of the chosen experts' outputs for every token; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x, Router.Choice choice);
}
