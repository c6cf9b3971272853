package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.Gradients;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ShardUnit;

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
