package dev.tunefit.core.memory.shard;

import dev.tunefit.core.memory.autograd.Graph;
import dev.tunefit.core.memory.autograd.Parameter;
import dev.tunefit.core.memory.autograd.SideStream;
import dev.tunefit.core.memory.autograd.Tensor;
import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.memory.tape.Stream;
import dev.tunefit.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/** FSDP1's {@code FlatParameter}: all parameters of a unit in one piece, divided evenly. */
final class FlatParameter {

  private final FlatSharded.Context context;
  private final List<Parameter> parameters = new ArrayList<>();
  private Tensor accumulated;

  FlatParameter(FlatSharded.Context context) {
    this.context = context;
  }

  void add(Parameter parameter) {
    parameters.add(parameter);
  }

  boolean isTrained() {
    return parameters.stream().anyMatch(Parameter::trainable);
  }

  private Graph graph() {
    return context.order().graph();
  }

  private SideStream on(Stream stream) {
    return new SideStream(graph(), stream);
  }

  /** Dtype while gathered. */
  private DataType dtype() {
    return parameters.get(0).dtype();
  }

  private DataType keptDtype() {
    return parameters.get(0).kept().dtype();
  }

  /** In units of the first parameter's dtype, whatever the others are stored in. */
  private long elements() {
    long bytes = parameters.stream().mapToLong(p -> p.elements() * p.dtype().bytes()).sum();
    return bytes / dtype().bytes();
  }

  private long shardElements() {
    return (elements() + context.ranks() - 1) / context.ranks();
  }

  void load() {
    boolean adapters = isTrained() && context.trainsAdapters();
    graph()
        .allocate(
            "flat parameter",
            adapters ? Category.ADAPTERS : Category.WEIGHTS,
            shardElements(),
            keptDtype());
  }

  /** {@code unshard}: where mixed precision casts, the shard is cast before it is gathered. */
  Tensor gather() {
    Tensor cast =
        dtype() == keptDtype()
            ? null
            : on(Stream.PRE_UNSHARD)
                .allocate("cast shards", Category.COMMUNICATION, shardElements(), dtype());
    Tensor whole =
        on(Stream.UNSHARD)
            .allocate(
                "gathered parameters",
                Category.GATHERED,
                shardElements() * context.ranks(),
                dtype());
    if (cast != null) {
      graph().release(cast);
    }
    return whole;
  }

  /** Under {@code no_sync} the whole gradient stays until the last micro-batch. */
  void createGradient() {
    if (isTrained()) {
      accumulated = graph().allocate("gradient", Category.GRADIENTS, elements(), dtype());
    }
  }

  /**
   * The gradients of all views become one flat gradient, zero where a view is frozen; then the
   * parameter is given up and the gradient reduced ({@code _post_backward_hook}).
   */
  void finishBackward(Tensor whole) {
    Graph g = graph();
    List<Tensor> gradients = new ArrayList<>();
    for (Parameter parameter : parameters) {
      Tensor gradient = parameter.takeGradient(g);
      if (gradient != null) {
        gradients.add(gradient);
      }
    }
    Tensor flat = gradients.isEmpty() ? null : flatten(gradients);
    if (whole != null) {
      g.release(whole);
    }
    if (flat != null) {
      reduce(flat);
    }
  }

  /** {@code split_with_sizes_backward}. */
  private Tensor flatten(List<Tensor> gradients) {
    Graph g = graph();
    long missing = elements() - gradients.stream().mapToLong(Tensor::elements).sum();
    if (missing > 0) {
      gradients.add(g.allocate("gradient", Category.GRADIENTS, missing, dtype()));
    }
    Tensor flat = g.allocate("flat gradient", Category.GRADIENTS, elements(), dtype());
    gradients.forEach(g::release);
    if (accumulated == null) {
      return flat;
    }
    g.release(flat);
    Tensor sum = accumulated;
    accumulated = null;
    return sum;
  }

  private void reduce(Tensor flat) {
    Graph g = graph();
    DataType reduce = context.reduceDtype(dtype());
    SideStream side = on(Stream.POST_BACKWARD);
    Tensor cast =
        reduce == dtype()
            ? null
            : side.allocate("reduce-scatter buffer", Category.COMMUNICATION, elements(), reduce);
    boolean pads = shardElements() * context.ranks() > elements();
    Tensor padded =
        pads
            ? side.allocate(
                "reduce-scatter buffer",
                Category.COMMUNICATION,
                shardElements() * context.ranks(),
                reduce)
            : null;
    Tensor result = side.allocate("gradient", Category.GRADIENTS, shardElements(), reduce);
    if (reduce != keptDtype()) {
      Stream last = context.ways().replicate() > 1 ? Stream.ALL_REDUCE : Stream.POST_BACKWARD;
      Tensor own = on(last).allocate("gradient", Category.GRADIENTS, shardElements(), keptDtype());
      g.release(result);
      result = own;
    }
    for (Tensor done : new Tensor[] {padded, cast, flat}) {
      if (done != null) {
        g.release(done);
      }
    }
    if (g.stepsInBackward()) {
      g.release(result);
    }
    renew(flat);
  }

  private void renew(Tensor flat) {
    if (context.accumulates()) {
      accumulated = graph().alike(flat);
    }
  }
}
