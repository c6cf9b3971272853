package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.option.RootGroup;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.TrainedParameters;
import dev.vramcast.core.units.DataType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** FSDP2: {@code torch.distributed.fsdp.fully_shard} on every layer and on the model. */
public final class FullySharded implements Sharding {

  private final FullyShardedContext context;
  private final Parallelism degrees;
  private final @Nullable DataType mixed;
  private final boolean tied;
  private final Groups groups;
  private final boolean reducesEach;
  private final TrainedParameters trained;
  private final FullyShardedUnit root;
  private final FullyShardedUnit head;
  private final Map<FullyShardedUnit, Integer> copies = new LinkedHashMap<>();
  private final Map<String, FullyShardedUnit> idle = new LinkedHashMap<>();
  private FullyShardedUnit current;
  private boolean stays;

  /**
   * How modules are put into groups.
   *
   * @param normFound the final norm is a child of what the model's prefix names
   *     (accelerate/utils/fsdp_utils.py _find_final_norm), and so is in the head's group
   * @param headRuns the head's own forward pass runs; else its weight alone is read, which is
   *     gathered into a tensor of its own where no other module of its group has run
   *     (trl/trainer/utils.py add_fused_lm_head, full_tensor)
   * @param headFound the head is what {@code get_output_embeddings} gives, which one of classes is
   *     not
   * @param whole all of them are one group (trl/models/utils.py prepare_fsdp)
   * @param heedsRoot the group of the root's own parameters is given up after the forward pass
   *     where it is told to be; before PyTorch 2.8 it stays whatever it is told
   *     (pytorch/pytorch#154704, #155319)
   */
  public record Groups(
      boolean normFound, boolean headRuns, boolean headFound, boolean whole, boolean heedsRoot) {}

  /**
   * Nothing loaded yet.
   *
   * @param mixed dtype of gathered parameters, null for their own
   * @param tied head and embedding are one parameter
   * @param groups of the model
   * @param reducesEach every micro-batch reduces its gradients, not only the last of a step
   * @param releasesEarly an all-gather buffer goes before the next is read, and whole gradients
   *     once they are copied, as from PyTorch 2.15 on (_fsdp_collectives.py foreach_reduce, whose
   *     loop over them is a function of its own); else when that has been read, and all but the
   *     last
   */
  public FullySharded(
      Graph graph,
      Parallelism degrees,
      @Nullable DataType mixed,
      boolean tied,
      Groups groups,
      boolean reducesEach,
      boolean releasesEarly) {
    this.context = new FullyShardedContext(graph, degrees, releasesEarly);
    this.degrees = degrees;
    this.mixed = mixed;
    this.tied = tied;
    this.groups = groups;
    this.reducesEach = reducesEach;
    this.trained = new TrainedParameters(graph);
    boolean reshardsRoot =
        (groups.whole() || groups.heedsRoot() && degrees.rootGroup() == RootGroup.PLAIN_RAF)
            && degrees.reshardAfterForward();
    this.root = new FullyShardedUnit(context, reshardsRoot);
    this.head = new FullyShardedUnit(context, false);
    this.current = root;
  }

  /** From now on it is of a model beside the trained one: its root has streams of its own. */
  public void beReference() {
    context.copyIn(Stream.REFERENCE_COPY_IN);
  }

  @Override
  public Parameter parameter(ParameterSpec spec) {
    int ranks = spec.ranks(degrees);
    long shard = spec.shardElements(ranks);
    context.keep(spec.name(), spec.category(), shard, spec.dtype());
    Parameter parameter = spec.gathered(context.graph(), shard, mixed);
    // A group of equal layers has as many of each.
    current.add(parameter, groups.whole() ? shard * context.graph().iterations() : shard, ranks);
    if (!idle.containsValue(current)) {
      copies.put(current, context.graph().iterations());
    }
    return current == head && readsHead() ? parameter : trained.add(parameter);
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    FullyShardedUnit outer = current;
    current = of(place);
    ShardUnit result = passes(place, current);
    T part = body.get();
    current = outer;
    return new InUnit<>(part, result);
  }

  /** fsdp2_prepare_auto_wrap_policy: a group by its class, of which nothing is ever gathered. */
  @Override
  public <T> T idle(String path, Supplier<T> body) {
    FullyShardedUnit own = new FullyShardedUnit(context, true);
    current = groups.whole() ? root : idle.computeIfAbsent(path, each -> own);
    T part = body.get();
    current = root;
    return part;
  }

  @Override
  public <T> T unread(Supplier<T> body) {
    return trained.unread(body);
  }

  /**
   * accelerate/utils/fsdp_utils.py fsdp2_prepare_model of 1.15: the embedding is a group, head and
   * the final norm, where it is found, are another that keeps its parameters; tied weights put all
   * three into the latter. What stands beside the table of tokens and the head is the root's.
   */
  private FullyShardedUnit of(Place place) {
    if (groups.whole()) {
      return root;
    }
    boolean split = degrees.rootGroup() == RootGroup.SPLIT;
    return switch (place) {
      case LAYER -> new FullyShardedUnit(context, degrees.reshardAfterForward());
      case FINAL_NORM -> split && groups.normFound() ? head : root;
      case HEAD -> split && groups.headFound() ? head : root;
      case EMBEDDING -> split ? embeddingGroup() : root;
      case OTHER -> root;
    };
  }

  /** No module of the head's group runs, and its weight is read. */
  private boolean readsHead() {
    return !tied && !groups.normFound() && !groups.headRuns();
  }

  private FullyShardedUnit embeddingGroup() {
    return tied ? head : new FullyShardedUnit(context, degrees.reshardAfterForward());
  }

  private ShardUnit passes(Place place, FullyShardedUnit unit) {
    if (unit == root) {
      boolean normAlone = place == Place.HEAD && of(Place.FINAL_NORM) == head;
      return normAlone ? new LastOfGroup(head) : ShardUnit.NONE;
    }
    if (unit == head && readsHead()) {
      return new WholeWeight(unit);
    }
    if (unit != head || !tied && !groups.normFound()) {
      return unit;
    }
    return switch (place) {
      case EMBEDDING -> new FirstOfGroup(unit);
      case FINAL_NORM -> tied ? ShardUnit.NONE : unit;
      case HEAD, LAYER, OTHER -> new LastOfGroup(unit);
    };
  }

  @Override
  public void createGradients() {
    if (!reducesEach) {
      trained.createGradients(degrees.reduceDtype());
      if (readsHead()) {
        head.createGradient();
      }
      return;
    }
    context.addUp();
    copies.forEach((unit, times) -> context.graph().repeat(times, unit::createGradient));
  }

  @Override
  public boolean addsUpWhole() {
    return !reducesEach;
  }

  /** {@code set_requires_gradient_sync}. */
  @Override
  public void reduces(boolean value) {
    context.reduces(value);
    trained.expectAll();
    context.order().clear();
  }

  @Override
  public void runsAdapters(boolean value) {
    context.runsAdapters(value);
  }

  @Override
  public boolean overlapsUnits() {
    return !groups.whole();
  }

  @Override
  public boolean keepsOnHost() {
    return context.keepsOnHost();
  }

  @Override
  public void beforeForward() {
    context.order().begin();
    root.begin();
  }

  /** Nothing reshards what is gathered for a backward pass that never comes. */
  @Override
  public void beforePasses() {
    if (groups.whole() && !root.reshards() && !stays) {
      stays = true;
      root.stay();
    }
  }

  @Override
  public void afterPasses() {
    if (!stays) {
      context.order().dropLeft();
    }
  }

  @Override
  public void afterForward() {
    root.end();
    context.replaceGathered(null);
  }

  @Override
  public void beforeBackward() {
    root.beforeBackward();
  }

  @Override
  public void afterBackward() {
    context.order().finish();
    context.replaceReduced(null);
    context.dropAllReduced();
  }

  /**
   * The embedding of a group that the head ends: _fsdp_state.py _register_group_forward_hooks
   * gathers before the first of the modules. Token ids have no gradient, so that the group is
   * finished when the whole backward pass is.
   */
  private record FirstOfGroup(FullyShardedUnit unit) implements ShardUnit {

    @Override
    public Tensor enter(Tensor input) {
      unit.begin();
      return input;
    }
  }

  /** The head of a group that another module began: it ends after the last of the modules. */
  private record LastOfGroup(FullyShardedUnit unit) implements ShardUnit {

    @Override
    public Tensor leave(Tensor output) {
      return unit.leave(output);
    }
  }
}
