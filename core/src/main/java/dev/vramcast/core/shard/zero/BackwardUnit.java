package dev.vramcast.core.shard.zero;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;

/** A layer around whose backward pass something happens. */
record BackwardUnit(Graph graph, Runnable before, Runnable after) implements ShardUnit {

  /** A layer's; around other parts of a model nothing happens. */
  static ShardUnit of(Sharding.Place place, Graph graph, Runnable before, Runnable after) {
    return place == Sharding.Place.LAYER ? new BackwardUnit(graph, before, after) : ShardUnit.NONE;
  }

  @Override
  public Tensor enter(Tensor input) {
    return BackwardPass.onArrival(graph, input, after);
  }

  @Override
  public Tensor leave(Tensor output) {
    return BackwardPass.onArrival(graph, output, before);
  }
}
