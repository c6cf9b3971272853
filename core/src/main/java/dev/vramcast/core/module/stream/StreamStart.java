package dev.vramcast.core.module.stream;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;

/** What makes several streams of hidden states of one, before the first layer. */
@FunctionalInterface
public interface StreamStart {

  /** All streams in one tensor; takes over the argument. */
  Tensor spread(Graph g, Tensor first);
}
