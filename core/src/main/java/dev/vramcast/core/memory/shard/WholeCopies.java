package dev.vramcast.core.memory.shard;

import dev.vramcast.core.memory.autograd.Graph;
import dev.vramcast.core.memory.autograd.Parameter;

/** Every rank keeps all parameters, or there is only one. */
final class WholeCopies implements Sharding {

  private final Graph graph;
  private final TrainedParameters trained;

  WholeCopies(Graph graph) {
    this.graph = graph;
    this.trained = new TrainedParameters(graph);
  }

  @Override
  public Parameter parameter(ParameterSpec spec) {
    return trained.add(spec.whole(graph));
  }

  @Override
  public ShardUnit unit(Place place, Runnable body) {
    body.run();
    return ShardUnit.NONE;
  }

  @Override
  public void createGradients() {
    trained.createGradients();
  }
}
