package dev.vramcast.core.memory.shard;

import dev.vramcast.core.memory.autograd.Gradients;
import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Tensor;

/** A layer around whose backward pass something happens. */
record BackwardUnit(Graph graph, Runnable before, Runnable after) implements ShardUnit {

  @Override
  public Tensor enter(Tensor input) {
    return Gradients.onArrival(graph, input, after);
  }

  @Override
  public Tensor leave(Tensor output) {
    return Gradients.onArrival(graph, output, before);
  }
}
