package dev.vramcast.core.megatron.layer;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.FusedLayers;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.job.option.OptimizerName;
import dev.vramcast.core.module.engine.EngineWeights;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.trace.CallSite;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.MemorySpace;
import dev.vramcast.core.trace.ModuleScope;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Parameters in one buffer and their main gradients in another, dense parameters and experts apart
 * (megatron/core/distributed/param_and_grad_buffer.py), and the shards of the distributed optimizer
 * (megatron/core/optimizer/distrib_optimizer.py).
 */
public final class ParameterBuffers {

  private static final Operation BUFFER =
      Operation.of(
          "aten::zeros", "megatron/core/distributed/param_and_grad_buffer.py _ParamAndGradBuffer");

  private static final Operation OPTIMIZER =
      Operation.of("DistributedOptimizer", "megatron/core/optimizer/distrib_optimizer.py");

  private static final Operation WRAP =
      Operation.of("aten::empty", "torch/csrc/utils/tensor_new.cpp internal_new_from_data");

  private static final Operation HYBRID =
      Operation.of(
          "HybridDeviceOptimizer", "megatron/core/optimizer/cpu_offloading/hybrid_optimizer.py");

  private static final Operation BUCKETS =
      Operation.of("Reducer", "torch/csrc/distributed/c10d/reducer.cpp initialize_buckets");

  private final Graph graph;
  private final ResolvedJob job;
  private final Division division;
  private final boolean trains;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Entry> frozen = new ArrayList<>();
  private final Set<Shape> shapes = new LinkedHashSet<>();
  private final List<Runnable> copies = new ArrayList<>();

  private record Entry(
      ModuleScope module, String name, long elements, int copies, boolean routed) {}

  private record Shape(long rows, long columns) {}

  /**
   * Nothing is loaded yet.
   *
   * @param policy whether the model is the one that is trained, and not one it is compared with
   */
  public ParameterBuffers(Graph graph, ResolvedJob job, Division division, boolean policy) {
    this.graph = graph;
    this.job = job;
    this.division = division;
    this.trains = policy && job.adapter().isEmpty();
  }

  /** The matrix of a module of TransformerEngine. */
  Parameter matrix(long in, long out) {
    shapes.add(new Shape(out, in));
    long elements = Math.multiplyExact(in, out);
    if (job.linears().areEngines()) {
      Entry entry = entry("narrow weights", elements, false);
      copies.add(() -> within(entry, () -> EngineWeights.keep(graph, job.linears(), elements, in)));
    }
    return parameter("linear weights", elements, false, 1);
  }

  /** One matrix an expert. */
  Parameter experts(int count, long in, long out) {
    shapes.add(new Shape(out, in));
    long elements = Math.multiplyExact(count, Math.multiplyExact(in, out));
    return parameter("expert weights", elements, true, 1);
  }

  /** A parameter whose gradient is made before it is added to the main gradient. */
  Parameter plain(String name, long elements) {
    return parameter(name, elements, false, 1);
  }

  /** Gains of a norm, and its biases where it has some. */
  public FusedLayers.Affine norm(Norm norm) {
    Tensor gain = plain("norm weights", norm.size()).value();
    boolean centred = norm.type() == Norm.Type.LAYER;
    Tensor bias = centred ? plain("norm weights", norm.size()).value() : null;
    return new FusedLayers.Affine(gain, bias);
  }

  /** Embedding or head. */
  public Parameter table(String name, long elements, int uses) {
    return parameter(name, elements, false, uses);
  }

  /** A matrix of an adapter. */
  Parameter adapter(long elements) {
    return adapter(elements, false);
  }

  /** A matrix of the adapters of a rank's experts. */
  Parameter expertAdapter(long elements) {
    return adapter(elements, true);
  }

  private Parameter adapter(long elements, boolean routed) {
    entries.add(entry("adapters", elements, routed));
    return unborn("adapters", elements, true, 1);
  }

  /** Parameters of an encoder, none of which is in a product of TransformerEngine. */
  public void tower(long elements, boolean still) {
    if (elements > 0) {
      boolean trained = trains && !still;
      (trained ? entries : frozen)
          .add(new Entry(graph.site().module(), "tower weights", elements, 1, false));
    }
  }

  /** The same, of an encoder that runs. */
  public Parameter encoder(ParameterSpec spec) {
    boolean trained = trains && spec.trainable();
    (trained ? entries : frozen).add(entry(spec.name(), spec.elements(), false));
    return unborn(spec.name(), spec.elements(), trained, spec.uses()).ofRows(spec.rows());
  }

  private Parameter parameter(String name, long elements, boolean routed, int uses) {
    (trains ? entries : frozen).add(entry(name, elements, routed));
    return unborn(name, elements, trains, uses);
  }

  private Entry entry(String name, long elements, boolean routed) {
    return new Entry(graph.site().module(), name, elements, graph.iterations(), routed);
  }

  private Parameter unborn(String name, long elements, boolean trained, int uses) {
    Parameter.Kept kept = new Parameter.Kept(elements, dtype(), false);
    return Parameter.gathered(graph, name, elements, dtype(), trained, uses, kept);
  }

  /** Which module is built. */
  public CallSite site() {
    return graph.site();
  }

  /** Parameters have the dtype of compute. */
  public DataType dtype() {
    return job.computeDtype();
  }

  /**
   * Puts parameters and main gradients onto the trace. Frozen parameters stay where their modules
   * made them; others move into their buffer when both buffers are there.
   */
  public void write() {
    frozen.forEach(this::make);
    List<Runnable> moved = entries.stream().map(this::make).toList();
    Category category = job.adapter().isPresent() ? Category.ADAPTERS : Category.WEIGHTS;
    buffer(false, category, "parameters", "main gradients");
    buffer(true, category, "parameters of experts", "main gradients of experts");
    buckets();
    moved.forEach(Runnable::run);
  }

  /** What the optimizer keeps from step to step: main parameters, and moments after the first. */
  public void writeStates() {
    copies.forEach(Runnable::run);
    boolean wraps = division.shards() > 1 && job.frameworkCode().is(SpreadCode.WRAPS_STORAGE);
    if (stepsOnHost() || !wraps) {
      each(this::states);
    } else {
      each(this::masters);
      wrap(false);
      wrap(true);
      each(this::moments);
    }
    placeholders();
  }

  private void each(LongConsumer ofShard) {
    for (Entry entry : entries) {
      within(entry, () -> ofShard.accept(shard(entry)));
    }
  }

  /**
   * Parameters are gathered in the storage of main gradients, of which {@code torch.tensor} makes a
   * tensor in the dtype of parameters: until PyTorch 2.8 by way of an empty one as large.
   */
  private void wrap(boolean routed) {
    long elements = elements(routed);
    if (elements > 0 && !job.framework().torch().atLeast(2, 8)) {
      graph.release(
          graph.allocate(
              WRAP, "view of gradients", Category.TEMPORARIES, elements, gradientDtype()));
    }
  }

  /** As {@link #writeStates()} beside another trained model: placeholders are for both. */
  public void writeStates(ParameterBuffers beside) {
    shapes.removeAll(beside.shapes);
    writeStates();
  }

  /** A parameter as its module makes it; what is returned frees it. */
  private Runnable make(Entry entry) {
    Tensor own =
        within(
            entry,
            () ->
                graph.allocate(
                    Parameter.PARAMETER,
                    entry.name(),
                    Category.WEIGHTS,
                    entry.elements(),
                    dtype()));
    return () -> graph.repeat(entry.copies(), () -> graph.release(own));
  }

  /** Runs {@code body} for each of the entry's equal modules. */
  private <T> T within(Entry entry, Supplier<T> body) {
    return graph.site().within(entry.module(), () -> graph.repeat(entry.copies(), body));
  }

  /** As {@link #within(Entry, Supplier)}, of code without a result. */
  private void within(Entry entry, Runnable body) {
    graph.site().within(entry.module(), () -> graph.repeat(entry.copies(), body));
  }

  private void buffer(boolean routed, Category category, String parameters, String gradients) {
    long elements = elements(routed);
    if (elements > 0) {
      graph.allocate(BUFFER, parameters, category, elements, dtype());
      graph.allocate(BUFFER, gradients, Category.GRADIENTS, elements, gradientDtype());
    }
  }

  /** DDP's, in the dtype of parameters (torch/csrc/distributed/c10d/reducer.cpp). */
  private void buckets() {
    long elements = elements(false);
    if (sumsLate() && division.shards() > 1 && elements > 0) {
      graph.allocate(BUCKETS, "gradient buckets", Category.GRADIENTS, elements, dtype());
    }
  }

  private boolean sumsLate() {
    return job.frameworkCode().is(SpreadCode.SUMS_LATE);
  }

  public boolean hasExperts() {
    return Stream.of(entries, frozen).flatMap(List::stream).anyMatch(Entry::routed);
  }

  private long elements(boolean routed) {
    return entries.stream()
        .filter(entry -> entry.routed() == routed)
        .mapToLong(entry -> Math.multiplyExact(entry.elements(), entry.copies()))
        .reduce(0, Math::addExact);
  }

  /** {@code grad_reduce_in_fp32}: what gradients are reduced in is what they are summed in. */
  private DataType gradientDtype() {
    return job.parallelism().reduceDtype() == DataType.FP32 ? DataType.FP32 : dtype();
  }

  /** Each rank holds an equal part of the buffer; parameters are cut where parts meet. */
  private long shard(Entry entry) {
    int ranks = entry.routed() ? division.experts().shards() : division.shards();
    return (entry.elements() + ranks - 1) / ranks;
  }

  private void states(long elements) {
    if (stepsOnHost()) {
      hostStates(elements);
      return;
    }
    masters(elements);
    moments(elements);
  }

  private void masters(long elements) {
    if (hasMasters()) {
      graph.allocate(OPTIMIZER, "main parameters", Category.WEIGHTS, elements, DataType.FP32);
    }
  }

  private void moments(long elements) {
    DataType dtype = job.optimizer().stateDtype().orElse(DataType.FP32);
    for (int i = 0; i < moments(); i++) {
      graph.allocate(OPTIMIZER, "optimizer states", Category.OPTIMIZER, elements, dtype);
    }
  }

  /** {@code optimizer_cpu_offload}, of all parameters. */
  private boolean stepsOnHost() {
    return job.parallelism().offload().contains(OffloadTarget.OPTIMIZER);
  }

  /**
   * An offloaded optimizer is precision-aware for every recipe (megatron/core/optimizer/
   * optimizer_config.py, {@code use_precision_aware_optimizer_no_fp8_or_ds_fp8}), so that the GPU
   * has no main parameters: they and their gradients are pinned, and PyTorch's AdamW makes moments
   * beside them.
   */
  private void hostStates(long elements) {
    graph.site().operation(HYBRID);
    graph.allocateOnHost("main parameters", Category.WEIGHTS, elements, DataType.FP32);
    graph.allocateOnHost("gradients in fp32", Category.GRADIENTS, elements, DataType.FP32);
    for (int i = 0; i < moments(); i++) {
      graph.allocateOnHost(
          MemorySpace.PAGEABLE, "optimizer states", Category.OPTIMIZER, elements, DataType.FP32);
    }
  }

  private int moments() {
    OptimizerName name = job.optimizer().name();
    return name == OptimizerName.ADAMW ? 2 : name == OptimizerName.SGD ? 1 : 0;
  }

  /**
   * Whether Megatron keeps fp32 parameters. A precision-aware optimizer would keep 16-bit
   * remainders in their place, but not in Megatron-Bridge (0.3.1), whose {@code fp8_recipe} is set
   * without fp8 too (bridge/training/mixed_precision.py), on which
   * megatron/core/optimizer/optimizer_config.py, {@code
   * use_precision_aware_optimizer_no_fp8_or_ds_fp8}, depends.
   */
  private boolean hasMasters() {
    return job.optimizer().masterWeights() && dtype() != DataType.FP32;
  }

  private void placeholders() {
    if (job.adapter().isEmpty() && !sumsLate()) {
      shapes.forEach(s -> EngineWeights.placeholder(graph, s.rows(), s.columns(), dtype()));
    }
  }

  /**
   * The step. Gradients that were not summed in fp32 are copied to it beside the main parameters
   * (distrib_optimizer.py, _copy_model_grads_to_main_grads).
   */
  public void step() {
    if (stepsOnHost()) {
      copyEach();
      return;
    }
    if (!hasMasters() || gradientDtype() == DataType.FP32) {
      return;
    }
    long elements =
        entries.stream()
            .mapToLong(entry -> shard(entry) * entry.copies())
            .reduce(0, Math::addExact);
    Tensor copies =
        graph.allocate(OPTIMIZER, "gradients in fp32", Category.GRADIENTS, elements, DataType.FP32);
    graph.release(copies);
  }

  /**
   * PyTorch casts what it copies without waiting on the GPU (aten/src/ATen/native/cuda/Copy.cu,
   * conversion_device), a parameter at a time.
   */
  private void copyEach() {
    for (Entry entry : entries) {
      within(
          entry,
          () ->
              graph.release(
                  graph.allocate(
                      HYBRID, "copy in fp32", Category.WEIGHTS, shard(entry), DataType.FP32)));
    }
  }
}
