package dev.vramcast.core.module.experts;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;

/** The routed experts of a layer, in one of the ways they can be run. */
public interface Experts {

  /** Sum of the chosen experts' outputs for every token; the argument stays the caller's. */
  Tensor forward(Graph g, Tensor x, Router.Choice choice);
}
