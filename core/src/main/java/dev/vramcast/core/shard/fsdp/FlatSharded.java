package dev.vramcast.core.shard.fsdp;

import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.OffloadTarget;
import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.shard.ShardUnit;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.shard.TrainedParameters;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** FSDP1: {@code FullyShardedDataParallel} around every layer and around the model. */
public final class FlatSharded implements Sharding {

  private final Context context;
  private final @Nullable DataType mixed;
  private final FlatUnit root;
  private final List<Loaded> units = new ArrayList<>();
  private final Map<String, FlatUnit> idle = new LinkedHashMap<>();
  private FlatUnit current;
  private boolean trained = true;
  private boolean stays;

  /** What PEFT trains of a module that the root would have; null outside such modules. */
  private @Nullable FlatUnit edge;

  private boolean inTable;

  private final TrainedParameters ignored;

  /**
   * A unit.
   *
   * @param copies equal layers it stands for
   */
  private record Loaded(FlatUnit unit, int copies) {}

  /**
   * Nothing loaded yet.
   *
   * @param mixed dtype of gathered parameters, null for their own
   * @param apart adapters have units of their own
   */
  public FlatSharded(Graph graph, ResolvedJob job, @Nullable DataType mixed, boolean apart) {
    this.context = new Context(new GatheredUnit.Order(graph), job, apart);
    this.mixed = mixed;
    this.root = new FlatUnit(context, true);
    this.current = root;
    this.ignored = new TrainedParameters(graph);
  }

  /** From now on it is of a model beside the trained one, of which no backward pass comes. */
  public void beReference() {
    trained = false;
  }

  /**
   * Experts that expert parallelism has divided are in {@code ignored_modules} (fms-acceleration,
   * fms_acceleration_moe/framework_plugin_scattermoe.py): each rank has its own whole.
   */
  @Override
  public Parameter parameter(ParameterSpec spec) {
    if (spec.routed() && context.degrees().expert() > 1) {
      return ignored.add(spec.whole(context.order().graph()));
    }
    long shard = (spec.elements() + context.ranks() - 1) / context.ranks();
    Parameter parameter = spec.gathered(context.order().graph(), shard, mixed);
    if (!context.apart() || current != root) {
      current.add(parameter, context.apart());
    } else {
      addToRoot(parameter, spec);
    }
    return parameter;
  }

  /**
   * peft/utils/other.py fsdp_auto_wrap_policy: a module that has nothing but a trained {@code
   * weight} is a unit, a factor of a linear as well as a copy that is saved. The factors of a table
   * are parameters without a module, which the root has in one piece with all that is frozen.
   */
  private void addToRoot(Parameter parameter, ParameterSpec spec) {
    boolean factor = spec.name().equals(ParameterSpec.FACTOR);
    if (spec.category() != Category.ADAPTERS || factor && inTable) {
      root.add(parameter, false);
    } else if (edge != null) {
      edge.add(parameter, factor);
    } else {
      root.addAdapter(parameter);
    }
  }

  @Override
  public DataType bufferDtype(DataType own) {
    return mixed == null ? own : mixed;
  }

  @Override
  public <T> InUnit<T> unit(Place place, Supplier<T> body) {
    return switch (place) {
      case LAYER -> layer(body);
      case EMBEDDING, FINAL_NORM, HEAD -> edge(place, body);
      case OTHER -> new InUnit<>(body.get(), ShardUnit.NONE);
    };
  }

  private <T> InUnit<T> edge(Place place, Supplier<T> body) {
    FlatUnit unit = newUnit();
    edge = unit;
    inTable = place == Place.EMBEDDING;
    T part = body.get();
    inTable = false;
    edge = null;
    if (unit.isEmpty()) {
      return new InUnit<>(part, ShardUnit.NONE);
    }
    unit.load();
    units.add(new Loaded(unit, 1));
    return new InUnit<>(part, unit);
  }

  private <T> InUnit<T> layer(Supplier<T> body) {
    FlatUnit unit = newUnit();
    current = unit;
    T part = body.get();
    current = root;
    unit.load();
    units.add(new Loaded(unit, context.order().graph().iterations()));
    return new InUnit<>(part, unit);
  }

  /**
   * accelerate/utils/dataclasses.py set_auto_wrap_policy: a unit by its class, whether it runs or
   * not, of which nothing is ever gathered.
   */
  @Override
  public <T> T idle(String path, Supplier<T> body) {
    current = idle.computeIfAbsent(path, each -> newUnit());
    T part = body.get();
    current = root;
    return part;
  }

  private FlatUnit newUnit() {
    return new FlatUnit(context, !context.degrees().reshardAfterForward());
  }

  @Override
  public void loaded() {
    idle.values().forEach(FlatUnit::load);
    root.load();
    root.reserveGathers();
    units.forEach(loaded -> loaded.unit().reserveGathers());
    units.add(new Loaded(root, 1));
  }

  @Override
  public void createGradients() {
    context.accumulate();
    for (Loaded loaded : units) {
      context.order().graph().repeat(loaded.copies(), loaded.unit()::createGradients);
    }
    ignored.createGradients();
  }

  @Override
  public boolean addsUpWhole() {
    return !context.reducesEach();
  }

  @Override
  public boolean flattensRoot() {
    return true;
  }

  @Override
  public boolean keepsUnreduced() {
    return addsUpWhole() && !context.degrees().reshardAfterForward();
  }

  /** {@code no_sync}. */
  @Override
  public void reduces(boolean value) {
    context.reduces = value;
    context.order().clear();
  }

  @Override
  public boolean overlapsUnits() {
    return true;
  }

  @Override
  public boolean keepsOnHost() {
    return context.keepsOnHost();
  }

  /**
   * The hook that gives a frozen unit up (_register_post_backward_reshard_only_hook) refers to the
   * node of its input's gradient; where the unit runs again on a leaf, as reentrant checkpointing
   * around it has it, that node owns the leaf and its gradient. The hook stays until the backward
   * pass ends.
   */
  @Override
  public boolean keepsInputs() {
    return context.apart() && context.runsAgain();
  }

  @Override
  public void beforeForward() {
    context.order().begin();
    root.begin();
  }

  /**
   * What is gathered for a backward pass, as the root's is ({@code _post_forward_reshard}), stays
   * from one step to the next where none comes.
   */
  @Override
  public void beforePasses() {
    if (!trained && !stays) {
      stays = true;
      for (Loaded each : units) {
        if (!each.unit().reshards()) {
          context.order().graph().repeat(each.copies(), each.unit()::stay);
        }
      }
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
  }

  @Override
  public void beforeBackward() {
    root.beforeBackward();
  }

  @Override
  public void afterBackward() {
    context.order().finish();
  }

  /** What all units share. */
  static final class Context {

    private final GatheredUnit.Order order;
    private final ResolvedJob job;
    private final boolean apart;
    private boolean accumulates;
    private boolean reduces = true;

    Context(GatheredUnit.Order order, ResolvedJob job, boolean apart) {
      this.order = order;
      this.job = job;
      this.apart = apart;
    }

    GatheredUnit.Order order() {
      return order;
    }

    Parallelism degrees() {
      return job.parallelism();
    }

    int ranks() {
      return degrees().shards();
    }

    /** {@code CPUOffload}: flat parameters and their gradients are in pinned host memory. */
    boolean keepsOnHost() {
      return degrees().offload().contains(OffloadTarget.PARAMETERS);
    }

    boolean trainsAdapters() {
      return job.adapter().isPresent();
    }

    /**
     * Units are inside reentrant checkpoints, so that they run without gradients and then again.
     */
    boolean runsAgain() {
      return job.reentrantCheckpoints() && !job.frameworkCode().is(SpreadCode.SHARDS_CHECKPOINTS);
    }

    /**
     * Units are gathered in both passes, so that the process waits for what earlier ones left
     * ({@code limit_all_gathers}). Else nothing tells how far ahead of the GPU it runs.
     */
    boolean limitsGathers() {
      return degrees().reshardAfterForward();
    }

    /** This rank makes its units before the first one has sent any of them. */
    boolean runsAhead() {
      return job.emptiesQuantised();
    }

    /** Layers are run again inside their units. */
    boolean recomputesInside() {
      return job.checkpointing() != Checkpointing.NONE && !runsAgain();
    }

    boolean apart() {
      return apart;
    }

    void accumulate() {
      accumulates = !reducesEach();
    }

    /** Without {@code no_sync} every micro-batch adds to the shard of the gradient. */
    boolean reducesEach() {
      return job.frameworkCode().is(SpreadCode.FLAT_REDUCES_EACH);
    }

    /** Gradients are reduced in the backward passes that come. */
    boolean reduces() {
      return reduces;
    }

    boolean accumulates() {
      return accumulates;
    }

    /**
     * Under {@code no_sync} a backward pass gives up no parameters that the forward pass kept
     * ({@code _should_free_in_backward}).
     */
    boolean keepsUnreduced() {
      return !reduces && !degrees().reshardAfterForward();
    }

    DataType reduceDtype(DataType gradient) {
      return gradient == DataType.FP16 ? gradient : degrees().reduceDtype();
    }
  }
}
