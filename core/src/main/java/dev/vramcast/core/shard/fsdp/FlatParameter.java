package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.autograd.op.SideStream;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Operation;
import dev.vramcast.core.units.DataType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** FSDP1's {@code FlatParameter}: all parameters of a unit in one piece, divided evenly. */
final class FlatParameter {

  private static final String FILE = "torch/distributed/fsdp/_flat_param.py ";

  private static final Operation FLAT =
      Operation.of("FlatParameter", FILE + "FlatParamHandle._init_flat_param_and_metadata");

  private static final Operation BROADCAST =
      Operation.of(
          "c10d::broadcast_",
          "torch/distributed/fsdp/_init_utils.py _sync_module_params_and_buffers");

  private static final Operation INIT =
      Operation.of("aten::empty", FILE + "FlatParamHandle.init_flat_param_attributes");

  private static final Operation UNSHARD =
      Operation.of("c10d::_allgather_base_", FILE + "FlatParamHandle.unshard");

  private static final Operation SPLIT =
      Operation.of(
          "aten::cat", "torch/csrc/autograd/FunctionsManual.cpp split_with_sizes_backward");

  private static final Operation REDUCE =
      Operation.of(
          "c10d::_reduce_scatter_base_",
          "torch/distributed/fsdp/_runtime_utils.py _post_backward_hook");

  private final FlatSharded.Context context;
  private final List<Parameter> parameters = new ArrayList<>();

  /** The whole gradient of earlier micro-batches; null where there is none. */
  private @Nullable Tensor accumulated;

  /** Whole gradients that the first of two micro-batches has made, in the order of its layers. */
  private final Deque<Tensor> left = new ArrayDeque<>();

  /** Earlier micro-batches have left the shard of a gradient, to which others are added. */
  private boolean addsToShard;

  private FlatParameter(FlatSharded.Context context) {
    this.context = context;
  }

  /** Of one parameter, until others are added. */
  static FlatParameter of(FlatSharded.Context context, Parameter parameter) {
    FlatParameter flat = new FlatParameter(context);
    flat.add(parameter);
    return flat;
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

  /**
   * In units of the first parameter's dtype, whatever the others are stored in, and padded to be
   * divisible by the ranks ({@code _init_flat_param_and_metadata}).
   */
  private long elements() {
    return shardElements() * context.ranks();
  }

  private long shardElements() {
    long bytes = parameters.stream().mapToLong(p -> p.elements() * p.dtype().bytes()).sum();
    long elements = bytes / dtype().bytes();
    return (elements + context.ranks() - 1) / context.ranks();
  }

  void load() {
    keepParts();
    boolean adapters = isTrained() && context.trainsAdapters();
    Category category = adapters ? Category.ADAPTERS : Category.WEIGHTS;
    Tensor shard = flatten(category);
    if (context.keepsOnHost()) {
      graph().release(shard);
      onHost("flat parameter", category);
      onHost("gradient", Category.GRADIENTS);
    }
  }

  /**
   * A unit's parameters come to the GPU whole, are copied into one piece and let go of, of which
   * this rank keeps a part ({@code flatten_tensors_into_flat_param}, {@code shard}), on the GPU or,
   * from then on, on the host ({@code flat_param_to}).
   */
  private Tensor flatten(Category category) {
    Graph g = graph();
    g.site().operation(FLAT);
    List<Tensor> whole =
        context.runsAhead() ? received(category) : wholes(Stream.COMPUTE, parameters, category);
    Tensor flat = g.allocate(FLAT, "flat parameter", category, elements(), keptDtype());
    whole.forEach(g::release);
    Tensor shard = g.allocate(FLAT, "flat parameter", category, shardElements(), keptDtype());
    g.release(flat);
    return shard;
  }

  private List<Tensor> wholes(Stream stream, List<Parameter> which, Category category) {
    return which.stream()
        .map(p -> on(stream).allocate("parameters", category, p.elements(), p.kept().dtype()))
        .toList();
  }

  /**
   * As they come from the first rank: several of a bucket in one piece, from which they are copied,
   * and one alone as it is. NCCL reads it on a stream of its own, which waits for the first rank.
   */
  private List<Tensor> received(Category category) {
    graph().site().operation(BROADCAST);
    List<Tensor> whole = new ArrayList<>();
    List<Tensor> pieces = new ArrayList<>();
    for (List<Parameter> bucket : BroadcastBuckets.of(parameters)) {
      boolean alone = bucket.size() == 1;
      whole.addAll(wholes(alone ? Stream.COMPUTE_READ_ASIDE : Stream.COMPUTE, bucket, category));
      if (!alone) {
        long elements = BroadcastBuckets.bytes(bucket) / keptDtype().bytes();
        pieces.add(
            on(Stream.COMPUTE_READ_ASIDE)
                .allocate("broadcast parameters", category, elements, keptDtype()));
      }
    }
    pieces.forEach(graph()::release);
    return whole;
  }

  /**
   * A rank's shard has parameters from one on, the first and the last of them in part ({@code
   * FlatParamHandle._get_shard_metadata}); the optimizer updates what is there of each. It is the
   * first rank that has the most of what is trained.
   */
  private void keepParts() {
    int most = 0;
    for (int rank = 1; rank < context.ranks(); rank++) {
      most = trained(rank) > trained(most) ? rank : most;
    }
    long begin = most * shardElements();
    for (Parameter parameter : parameters) {
      parameter.keepPart(within(begin, parameter));
      begin -= parameter.elements();
    }
  }

  private long trained(int rank) {
    long begin = rank * shardElements();
    long sum = 0;
    for (Parameter parameter : parameters) {
      sum += parameter.trainable() ? within(begin, parameter) : 0;
      begin -= parameter.elements();
    }
    return sum;
  }

  /** How much of a parameter is in a shard that begins so many elements behind its own begin. */
  private long within(long begin, Parameter parameter) {
    long end = Math.min(begin + shardElements(), parameter.elements());
    return Math.max(0, end - Math.max(begin, 0));
  }

  /**
   * Makes the tensors that shards are cast into and gathered into, and gives their memory up until
   * they are used ({@code FlatParamHandle.init_flat_param_attributes}): shards and the whole in the
   * dtype of mixed precision, and the whole in its own.
   */
  void reserveGathers() {
    boolean casts = dtype() != keptDtype();
    if (casts) {
      passing(shardElements(), dtype());
    }
    passing(elements(), dtype());
    if (casts) {
      passing(elements(), keptDtype());
    }
  }

  private void passing(long elements, DataType dtype) {
    Graph g = graph();
    g.release(g.allocate(INIT, "gathered parameters", Category.GATHERED, elements, dtype));
  }

  /** Offloading makes a place for the gradient of every shard, also of frozen ones. */
  private void onHost(String name, Category category) {
    graph().site().operation(FLAT);
    graph().allocateOnHost(name, category, shardElements(), keptDtype());
  }

  /**
   * {@code unshard}: a shard is brought to the GPU, and cast where mixed precision asks for that,
   * before it is gathered.
   */
  Tensor gather() {
    graph().site().operation(UNSHARD);
    boolean casts = dtype() != keptDtype();
    Tensor input = casts ? shard("cast shards", dtype()) : null;
    if (context.keepsOnHost()) {
      Tensor brought = shard("shards from host", keptDtype());
      if (casts) {
        graph().release(brought);
      } else {
        input = brought;
      }
    }
    Tensor whole =
        on(Stream.UNSHARD).allocate("gathered parameters", Category.GATHERED, elements(), dtype());
    if (input != null) {
      graph().release(input);
    }
    return whole;
  }

  private Tensor shard(String name, DataType dtype) {
    return on(context.limitsGathers() ? Stream.PRE_UNSHARD_READ_ASIDE : Stream.PRE_UNSHARD)
        .allocate(name, Category.COMMUNICATION, shardElements(), dtype);
  }

  /** Under {@code no_sync} the whole gradient stays until the last micro-batch, else its shard. */
  void createGradient() {
    if (isTrained() && context.reducesEach()) {
      graph().allocate(FLAT, "gradient", Category.GRADIENTS, shardElements(), keptDtype());
      addsToShard = true;
    } else if (isTrained()) {
      graph().site().operation(FLAT);
      accumulated = on(reduced()).allocate("gradient", Category.GRADIENTS, elements(), dtype());
    }
  }

  /**
   * The gradients of all views become one flat gradient, zero where a view is frozen; then the
   * parameter is given up and the gradient reduced ({@code _post_backward_hook}).
   */
  void finishBackward(@Nullable Tensor whole) {
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
    if (flat != null && context.reduces()) {
      reduceSum(flat);
    } else if (flat != null) {
      leave(flat);
    }
  }

  /** The first micro-batch has nothing to add it to. */
  private void leave(Tensor flat) {
    if (accumulated == null) {
      left.add(flat);
    } else {
      graph().release(flat);
    }
  }

  /** The node that adds to earlier gradients has the new one until its hook has reduced the sum. */
  private void reduceSum(Tensor flat) {
    Tensor sum = accumulated == null ? left.poll() : accumulated;
    if (sum == null) {
      reduce(flat);
      return;
    }
    accumulated = null;
    reduce(sum);
    graph().release(flat);
  }

  private boolean addsUp() {
    return accumulated != null || context.reduces() && !left.isEmpty();
  }

  /** Of a gradient that is reduced, which another stream reads. */
  private Stream reduced() {
    return context.limitsGathers() ? Stream.COMPUTE_READ_ASIDE : Stream.COMPUTE;
  }

  /** {@code split_with_sizes_backward}. */
  private Tensor flatten(List<Tensor> gradients) {
    Graph g = graph();
    long missing = elements() - gradients.stream().mapToLong(Tensor::elements).sum();
    if (missing > 0) {
      gradients.add(g.allocate(SPLIT, "gradient", Category.GRADIENTS, missing, dtype()));
    }
    g.site().operation(SPLIT);
    Tensor flat =
        on(addsUp() ? Stream.COMPUTE : reduced())
            .allocate("flat gradient", Category.GRADIENTS, elements(), dtype());
    gradients.forEach(g::release);
    return flat;
  }

  private void reduce(Tensor flat) {
    Graph g = graph();
    DataType reduce = context.reduceDtype(dtype());
    g.site().operation(REDUCE);
    SideStream side = on(Stream.POST_BACKWARD);
    Tensor cast =
        reduce == dtype()
            ? null
            : side.allocate("reduce-scatter buffer", Category.COMMUNICATION, elements(), reduce);
    Tensor result = side.allocate("gradient", Category.GRADIENTS, shardElements(), reduce);
    if (reduce != keptDtype()) {
      Stream last = context.degrees().replicate() > 1 ? Stream.ALL_REDUCE : Stream.POST_BACKWARD;
      Tensor own = on(last).allocate("gradient", Category.GRADIENTS, shardElements(), keptDtype());
      g.release(result);
      result = own;
    }
    if (cast != null) {
      g.release(cast);
    }
    g.release(flat);
    if (g.stepsInBackward() || context.keepsOnHost() || addsToShard) {
      g.release(result);
    }
    renew(flat);
  }

  private void renew(Tensor flat) {
    if (context.accumulates()) {
      accumulated = graph().sameStorage(flat);
    }
  }
}
