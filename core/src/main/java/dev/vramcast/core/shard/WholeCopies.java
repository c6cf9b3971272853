package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;

/** Every rank keeps all parameters, or there is only one. */
public final class WholeCopies implements Sharding {

  private final Graph graph;
  private final TrainedParameters trained;

  public WholeCopies(Graph graph) {
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
