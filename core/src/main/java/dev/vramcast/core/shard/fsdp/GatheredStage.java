package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.BackwardPass;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.SideStream;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.TrainedParameters;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * FSDP2 around a stage of a pipeline: parameters stay gathered while micro-batches go through, and
 * gradients stay whole until the last of them has run backward (torch/distributed/pipelining/
 * stage.py, backward_maybe_with_nosync).
 */
public final class GatheredStage implements Sharding {

  private static final String FILE = "torch/distributed/fsdp/_fully_shard/_fsdp_collectives.py ";

  private static final Operation SHARD =
      Operation.of(
          "aten::chunk",
          "torch/distributed/fsdp/_fully_shard/_fsdp_param.py FSDPParam._init_sharded_param");

  private static final Operation GATHER =
      Operation.of("fsdp::all_gather_copy_in", FILE + "foreach_all_gather");

  private static final Operation REDUCE = Operation.of("fsdp::chunk_cat", FILE + "foreach_reduce");

  private final Graph graph;
  private final Parallelism degrees;
  private final @Nullable DataType mixed;
  private final boolean reduced;
  private final boolean addsOnArrival;
  private final TrainedParameters trained;
  private final TrainedParameters whole;
  private final List<Unit> units = new ArrayList<>();
  private Unit current;

  /** Parameters that are gathered and reduced together, and how many layers have such. */
  private static final class Unit {
    private final int copies;
    private final List<Entry> entries = new ArrayList<>();
    private final List<Tensor> gathered = new ArrayList<>();

    private Unit(int copies) {
      this.copies = copies;
    }

    private List<Entry> trained() {
      return entries.stream().filter(entry -> entry.parameter().trainable()).toList();
    }

    private long bytes() {
      return entries.stream().mapToLong(e -> e.elements() * e.parameter().dtype().bytes()).sum();
    }
  }

  /**
   * A parameter of a unit.
   *
   * @param elements while it is gathered
   */
  private record Entry(Parameter parameter, long elements, long shard) {}

  /**
   * Nothing loaded yet.
   *
   * @param mixed dtype of gathered parameters, null for their own
   * @param reduced earlier micro-batches of the step have left shards of gradients
   * @param addsOnArrival a gradient is added in the dtype of the reduction as soon as it has come
   *     (FSDPParam.unsharded_grad_dtype, since PyTorch 2.15), not with those of its group
   */
  public GatheredStage(
      Graph graph,
      Parallelism degrees,
      @Nullable DataType mixed,
      boolean reduced,
      boolean addsOnArrival) {
    this.graph = graph;
    this.degrees = degrees;
    this.mixed = mixed;
    this.reduced = reduced;
    this.addsOnArrival = addsOnArrival;
    this.trained = new TrainedParameters(graph);
    this.whole = new TrainedParameters(graph);
    this.current = new Unit(1);
    units.add(current);
  }

  /** Experts that no two ranks share are no part of a unit. */
  @Override
  public Parameter parameter(ParameterSpec spec) {
    int ranks = spec.ranks(degrees);
    if (spec.routed() && ranks == 1) {
      return whole.add(spec.whole(graph));
    }
    long shard = spec.shardElements(ranks);
    graph.allocate(SHARD, spec.name(), spec.category(), shard, spec.dtype());
    Parameter parameter = spec.gathered(graph, shard, mixed);
    if (addsOnArrival) {
      parameter.onGradient(this::addUp);
    }
    current.entries.add(new Entry(parameter, shard * ranks, shard));
    return trained.add(parameter);
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    Unit outer = current;
    Unit unit = new Unit(graph.iterations());
    units.add(unit);
    current = unit;
    T part = body.get();
    current = outer;
    return new InUnit<>(part, place == Place.LAYER ? new Folding(unit) : ShardUnit.NONE);
  }

  /** A layer whose gradients are added to those of earlier micro-batches when it has run. */
  private final class Folding implements ShardUnit {

    private final Unit unit;

    private Folding(Unit unit) {
      this.unit = unit;
    }

    @Override
    public Tensor enter(Tensor input) {
      return graph.gradEnabled() ? BackwardPass.onArrival(graph, input, () -> fold(unit)) : input;
    }
  }

  /** {@code to_accumulated_grad_if_needed}. */
  private void fold(Unit unit) {
    unit.entries.stream().map(Entry::parameter).filter(Parameter::trainable).forEach(this::addUp);
  }

  private void addUp(Parameter parameter) {
    parameter.addUp(graph, degrees.reduceDtype());
  }

  /** The gradients of embedding, norm and head are added up when all layers have run. */
  @Override
  public void afterBackward() {
    units.stream().filter(unit -> unit.copies == 1).forEach(this::fold);
  }

  @Override
  public void createGradients() {
    trained.createGradients(degrees.reduceDtype());
    whole.createGradients();
  }

  /** All parameters are gathered, before the first micro-batch. */
  public void gather() {
    for (Unit unit : units) {
      graph.repeat(unit.copies, () -> gather(unit));
    }
  }

  private void gather(Unit unit) {
    if (unit.entries.isEmpty()) {
      return;
    }
    Tensor buffer =
        degrees.shards() == 1
            ? null
            : on(GATHER, "all-gather buffer", unit.bytes(), DataType.UINT8);
    for (Entry entry : unit.entries) {
      unit.gathered.add(
          graph.allocate(
              GATHER,
              "gathered parameters",
              Category.GATHERED,
              entry.elements(),
              entry.parameter().dtype()));
    }
    if (buffer != null) {
      graph.release(buffer);
    }
  }

  private Tensor on(Operation operation, String name, long elements, DataType dtype) {
    graph.site().operation(operation);
    return new SideStream(graph, Stream.ALL_GATHER_COPY_IN)
        .allocate(name, Category.COMMUNICATION, elements, dtype);
  }

  /** The last backward pass is over: parameters are given up and gradients reduced. */
  public void finish() {
    giveUp();
    for (Unit unit : units) {
      graph.repeat(unit.copies, () -> reduce(unit));
    }
  }

  /** Gathered parameters go. */
  public void giveUp() {
    for (Unit unit : units) {
      graph.repeat(unit.copies, () -> unit.gathered.forEach(graph::release));
      unit.gathered.clear();
    }
  }

  private void reduce(Unit unit) {
    List<Tensor> gradients = new ArrayList<>();
    long elements = 0;
    long shards = 0;
    for (Entry entry : unit.entries) {
      Tensor gradient = entry.parameter().takeGradient(graph);
      if (gradient != null) {
        gradients.add(gradient);
        elements += entry.elements();
        shards += entry.shard();
      }
    }
    if (gradients.isEmpty()) {
      return;
    }
    Tensor buffer =
        graph.allocate(
            REDUCE,
            "reduce-scatter buffer",
            Category.COMMUNICATION,
            elements,
            degrees.reduceDtype());
    gradients.forEach(graph::release);
    DataType kept = unit.trained().get(0).parameter().kept().dtype();
    Tensor own = graph.allocate(REDUCE, "gradient", Category.GRADIENTS, shards, kept);
    if (reduced) {
      graph.release(own);
    }
    graph.release(buffer);
  }

  /** Writes the shards of gradients that earlier micro-batches of the step have left. */
  public void createShards() {
    for (Unit unit : units) {
      long shards = unit.trained().stream().mapToLong(Entry::shard).sum();
      if (reduced && shards > 0) {
        DataType kept = unit.trained().get(0).parameter().kept().dtype();
        graph.repeat(
            unit.copies,
            () -> graph.allocate(REDUCE, "gradient", Category.GRADIENTS, shards, kept));
      }
    }
  }
}
