package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import java.util.function.Supplier;

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
  public <T> T unread(Supplier<T> body) {
    return trained.unread(body);
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    return new InUnit<>(body.get(), ShardUnit.NONE);
  }

  @Override
  public void createGradients() {
    trained.createGradients();
  }
}
