package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.SideStream;
import dev.vramcast.core.trace.Aten;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;

/**
 * An FSDP2 parameter group: torch/distributed/fsdp/_fully_shard/_fsdp_param_group.py and
 * _fsdp_collectives.py.
 */
final class FullyShardedUnit extends GatheredUnit {

  private static final String FILE = "torch/distributed/fsdp/_fully_shard/_fsdp_collectives.py ";

  private static final Operation GATHER =
      Operation.of("fsdp::all_gather_copy_in", FILE + "foreach_all_gather");

  private static final Operation COPY_OUT =
      Operation.of(
          "fsdp::split_with_sizes_copy",
          "torch/distributed/fsdp/_fully_shard/_fsdp_param.py FSDPParam.init_all_gather_outputs");

  private static final Operation REDUCE = Operation.of("fsdp::chunk_cat", FILE + "foreach_reduce");

  private final FullyShardedContext context;
  private final boolean resharding;
  private final List<Part> parts = new ArrayList<>();

  /** There is a gradient of earlier micro-batches. */
  private boolean addsUp;

  /**
   * A parameter of the group.
   *
   * @param shardElements of all that are like it
   * @param ranks among which it is divided
   */
  private record Part(Parameter parameter, long shardElements, int ranks) {

    long gatheredElements() {
      return shardElements * ranks;
    }

    boolean casts() {
      return parameter.dtype() != parameter.kept().dtype();
    }
  }

  /**
   * An empty group.
   *
   * @param resharding the parameters are given up after the forward pass
   */
  FullyShardedUnit(FullyShardedContext context, boolean resharding) {
    super(context.order());
    this.context = context;
    this.resharding = resharding;
  }

  void add(Parameter parameter, long shardElements, int ranks) {
    parts.add(new Part(parameter, shardElements, ranks));
  }

  /**
   * The whole parameters that code reads which calls none of the group's modules, in the dtype of
   * their shards: with adapters the trained copy of a module, which PEFT puts beside it.
   */
  Tensor readWhole(Operation operation) {
    graph().site().operation(operation);
    List<Part> read = read();
    long elements = read.stream().mapToLong(Part::gatheredElements).sum();
    DataType dtype = read.get(0).parameter().kept().dtype();
    return graph().allocate("gathered parameters", Category.GATHERED, elements, dtype);
  }

  private List<Part> read() {
    List<Part> trained = parts.stream().filter(part -> part.parameter().trainable()).toList();
    return trained.isEmpty() || trained.size() == parts.size()
        ? parts
        : parts.stream()
            .filter(part -> part.parameter().trainable() == context.runsAdapters())
            .toList();
  }

  /** This rank's part of gradients of whole parameters, of which all ranks have the same. */
  void divideGradients(Operation operation) {
    Graph g = graph();
    for (Part part : parts) {
      Tensor whole = part.parameter().takeGradient(g);
      if (whole != null) {
        g.site().operation(operation);
        DataType kept = part.parameter().kept().dtype();
        Tensor own = g.allocate("gradient", Category.GRADIENTS, part.shardElements(), kept);
        g.release(whole);
        if (addsUp) {
          g.release(own);
        }
        part.parameter().renewGradient(g);
      }
    }
  }

  @Override
  boolean reshards() {
    return resharding;
  }

  /** A pass of an earlier step left what it gathered. */
  void stay() {
    Visit earlier = new Visit();
    prefetch(earlier);
    copyOut(earlier);
    earlier.dropPrefetched();
    leave(earlier);
  }

  @Override
  void gatherForForward(Visit visit) {
    if (parts.isEmpty()) {
      return;
    }
    prefetch(visit);
    context.releaseBeforeRead();
    copyOut(visit);
    // Until PyTorch 2.14 wait_for_unshard refers to the buffer before until it returns.
    context.replaceGathered(visit.buffer);
    visit.buffer = null;
  }

  @Override
  void finishForward(Visit visit) {
    if (resharding) {
      visit.giveUp();
    }
  }

  /** {@code foreach_all_gather}: the shards, cast, go into one buffer for all ranks' shards. */
  @Override
  void prefetch(Visit visit) {
    boolean begun = visit.buffer != null || !visit.gathered.isEmpty();
    if (begun || parts.isEmpty() || context.isAlone()) {
      return;
    }
    graph().site().operation(GATHER);
    List<Tensor> inputs = context.keepsOnHost() ? broughtInputs() : castInputs();
    long bytes =
        parts.stream().mapToLong(p -> p.gatheredElements() * p.parameter().dtype().bytes()).sum();
    visit.buffer = communicated("all-gather buffer", bytes, DataType.UINT8);
    inputs.forEach(graph()::release);
  }

  /** {@code _get_param_all_gather_inputs}: what is cast is so in one piece. */
  private List<Tensor> castInputs() {
    List<Part> cast = parts.stream().filter(Part::casts).toList();
    long elements = cast.stream().mapToLong(Part::shardElements).sum();
    return cast.isEmpty()
        ? List.of()
        : List.of(communicated("cast shards", elements, cast.get(0).parameter().dtype()));
  }

  /** Shards of which each comes to the GPU and is cast there. */
  private List<Tensor> broughtInputs() {
    List<Tensor> inputs = new ArrayList<>();
    for (Part part : parts) {
      Parameter parameter = part.parameter();
      Tensor shard =
          communicated("shards from host", part.shardElements(), parameter.kept().dtype());
      if (part.casts()) {
        Tensor cast = communicated("cast shards", part.shardElements(), parameter.dtype());
        graph().release(shard);
        shard = cast;
      }
      inputs.add(shard);
    }
    return inputs;
  }

  private Tensor communicated(String name, long elements, DataType dtype) {
    return new SideStream(graph(), context.copyIn())
        .allocate(name, Category.COMMUNICATION, elements, dtype);
  }

  private void copyOut(Visit visit) {
    for (Part part : parts) {
      visit.gathered.add(
          graph()
              .allocate(
                  COPY_OUT,
                  "gathered parameters",
                  Category.GATHERED,
                  part.gatheredElements(),
                  part.parameter().dtype()));
    }
  }

  @Override
  void gatherForBackward(Visit visit) {
    if (!visit.gathered.isEmpty() || parts.isEmpty()) {
      return;
    }
    prefetch(visit);
    copyOut(visit);
    visit.dropPrefetched();
  }

  /** {@code foreach_reduce}; the input of the reduction before is kept until this one begins. */
  @Override
  void finishBackward(Visit visit) {
    Graph g = graph();
    if (!context.reduces()) {
      visit.giveUp();
      parts.forEach(part -> part.parameter().addUp(g, context.sumDtype()));
      return;
    }
    List<Part> reduced = new ArrayList<>();
    List<Tensor> gradients = new ArrayList<>();
    for (Part part : parts) {
      Tensor gradient = part.parameter().takeGradient(g);
      if (gradient != null) {
        reduced.add(part);
        gradients.add(gradient);
      }
    }
    visit.giveUp();
    if (reduced.isEmpty()) {
      return;
    }
    context.replaceReduced(null);
    reduce(reduced, gradients);
    reduced.forEach(part -> part.parameter().renewGradient(g));
  }

  /**
   * What earlier micro-batches left of the group: shards of its gradients, which are views of the
   * output of one reduction.
   */
  void createGradient() {
    List<Part> trained = parts.stream().filter(part -> part.parameter().trainable()).toList();
    if (trained.isEmpty()) {
      return;
    }
    addsUp = true;
    DataType kept = trained.get(0).parameter().kept().dtype();
    if (context.keepsOnHost()) {
      toHost(trained);
      return;
    }
    graph().site().operation(REDUCE);
    new SideStream(graph(), Stream.REDUCE_SCATTER)
        .allocate("gradient", Category.GRADIENTS, shards(trained), kept);
  }

  private static long shards(List<Part> parts) {
    return parts.stream().mapToLong(Part::shardElements).sum();
  }

  private void reduce(List<Part> reduced, List<Tensor> gradients) {
    Graph g = graph();
    long shards = shards(reduced);
    long whole = reduced.stream().mapToLong(Part::gatheredElements).sum();
    DataType dtype = context.reduceDtype(gradients.get(0).dtype());
    Tensor input =
        g.allocate(REDUCE, "reduce-scatter buffer", Category.COMMUNICATION, whole, dtype);
    // Before 2.15 the loop over the gradients keeps its last one until the function returns.
    Tensor last = context.releasesEarly() ? null : gradients.remove(gradients.size() - 1);
    gradients.forEach(g::release);
    DataType kept = reduced.get(0).parameter().kept().dtype();
    Category category = kept == dtype ? Category.GRADIENTS : Category.COMMUNICATION;
    Tensor output =
        new SideStream(g, Stream.REDUCE_SCATTER).allocate("gradient", category, shards, dtype);
    Tensor result = output;
    if (kept != dtype) {
      Stream stream = context.replicates() ? Stream.ALL_REDUCE : Stream.REDUCE_SCATTER;
      result = new SideStream(g, stream).allocate("gradient", Category.GRADIENTS, shards, kept);
      letGo(output);
    }
    if (last != null) {
      g.release(last);
    }
    if (context.keepsOnHost()) {
      toHost(reduced);
    }
    if (context.keepsOnHost() && result == output) {
      letGo(result);
    } else if (context.keepsOnHost() || context.addsUp() || g.stepsInBackward()) {
      g.release(result);
    }
    context.replaceReduced(input);
  }

  /** What replicas reduce among themselves stays until they have done so. */
  private void letGo(Tensor output) {
    if (context.replicates()) {
      context.keepAllReduced(output);
    } else {
      graph().release(output);
    }
  }

  private void toHost(List<Part> reduced) {
    graph().site().operation(Aten.TO_COPY);
    for (Part part : reduced) {
      DataType kept = part.parameter().kept().dtype();
      Tensor gradient =
          graph().allocateOnHost("gradient", Category.GRADIENTS, part.shardElements(), kept);
      if (graph().stepsInBackward()) {
        graph().release(gradient);
      }
    }
  }
}
