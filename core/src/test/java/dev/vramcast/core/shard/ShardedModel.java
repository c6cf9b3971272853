package dev.vramcast.core.shard;

import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Pointwise;
import dev.vramcast.core.autograd.Recording;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.TracedCall;
import dev.vramcast.core.shard.Sharding.Place;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Layers whose backward passes give their parameters a gradient each, and allocate nothing else but
 * that: what is left on the trace are the collectives around them.
 */
public final class ShardedModel {

  private final TracedCall run;
  private final Sharding sharding;
  private final List<Layer> layers = new ArrayList<>();
  private Recording segment;
  private Tensor result;

  private record Layer(ShardUnit unit, List<Parameter> parameters) {}

  public ShardedModel(TracedCall run, Sharding sharding) {
    this.run = run;
    this.sharding = sharding;
  }

  /** A parameter of a matrix with so many rows of one unit. */
  public static ParameterSpec spec(long rows, DataType dtype, boolean trainable) {
    return spec(rows, dtype, trainable, false);
  }

  /** A trained one of experts that this rank has. */
  public static ParameterSpec routed(long rows, DataType dtype) {
    return spec(rows, dtype, true, true);
  }

  /** A factor of an adapter. */
  public static ParameterSpec factor(long rows, DataType dtype) {
    return spec(ParameterSpec.FACTOR, Category.ADAPTERS, rows, dtype, true, false);
  }

  /** The trained copy of a module. */
  public static ParameterSpec copy(long rows, DataType dtype) {
    return spec("weight", Category.ADAPTERS, rows, dtype, true, false);
  }

  private static ParameterSpec spec(long rows, DataType dtype, boolean trainable, boolean routed) {
    return spec("weight", Category.WEIGHTS, rows, dtype, trainable, routed);
  }

  private static ParameterSpec spec(
      String name,
      Category category,
      long rows,
      DataType dtype,
      boolean trainable,
      boolean routed) {
    return new ParameterSpec(
        name, category, TracedCall.elements(rows, dtype), rows, dtype, trainable, routed, 1);
  }

  /** Loads a layer of these parameters. */
  public String layer(ParameterSpec... specs) {
    return add(Place.LAYER, specs);
  }

  /** Loads modules. */
  public String add(Place place, ParameterSpec... specs) {
    return run.during(
        () -> {
          Sharding.InUnit<List<Parameter>> made =
              sharding.unit(place, () -> Stream.of(specs).map(sharding::parameter).toList());
          layers.add(new Layer(made.unit(), made.part()));
        });
  }

  /** All layers run, on an input that requires a gradient. */
  public String forward() {
    Tensor input = run.activation(1, DataType.BF16);
    return run.during(
        () -> {
          segment = run.graph.record(() -> result = forward(input));
        });
  }

  private Tensor forward(Tensor input) {
    sharding.beforeForward();
    Tensor hidden = input;
    for (Layer layer : layers) {
      Tensor inside = layer.unit().enter(hidden);
      for (Parameter parameter : layer.parameters()) {
        inside = using(run.graph, inside, parameter);
      }
      hidden = layer.unit().leave(inside);
    }
    sharding.afterForward();
    return hidden;
  }

  /** The same tensor, whose gradient passes on while the parameter gets one as large as itself. */
  private static Tensor using(Graph graph, Tensor x, Parameter parameter) {
    return BackwardPass.onArrival(
        graph,
        x,
        () -> {
          if (parameter.trainable()) {
            parameter.accept(graph, 0, Pointwise.gradientLike(graph, parameter.value()));
          }
        });
  }

  /** The backward pass through all layers, from the last to the first. */
  public String backward() {
    Graph graph = run.graph;
    Tensor gradient =
        graph.allocate("gradient", Category.TEMPORARIES, result.elements, result.dtype);
    return run.during(
        () -> {
          sharding.beforeBackward();
          graph.send(result, gradient);
          graph.backward(segment);
          sharding.afterBackward();
        });
  }
}
