package dev.vramcast.core.module.vision;

import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.autograd.Graph;
import dev.vramcast.core.autograd.Parameter;
import dev.vramcast.core.code.StepSettings;
import dev.vramcast.core.code.WrappedLayers;
import dev.vramcast.core.job.option.FrozenPart;
import dev.vramcast.core.module.part.ModuleFactory;
import dev.vramcast.core.module.part.Trainable;
import dev.vramcast.core.shard.Sharding;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** A tower that the job does not run: its parameters alone. */
public final class IdleTower {

  private final ModuleFactory modules;
  private final Tower tower;
  private final Set<FrozenPart> frozen;
  private final Sharding sharding;

  /** The ends of the paths of what FSDP makes units of. */
  private final List<String> units;

  private IdleTower(ModuleFactory modules, Tower tower, StepSettings settings, Sharding sharding) {
    this.modules = modules;
    this.tower = tower;
    this.frozen = settings.job().frozen();
    this.sharding = sharding;
    this.units = WrappedLayers.of(settings.job()).unitsOf(tower);
  }

  /** Puts its parameters onto the trace. */
  public static void load(
      Graph graph, ModuleFactory modules, Tower tower, StepSettings settings, Sharding sharding) {
    tables(graph, tower);
    new IdleTower(modules, tower, settings, sharding).load();
  }

  /** Its buffers, which are there whether it runs or not. */
  public static void tables(Graph graph, Tower tower) {
    if (tower.tables() > 0) {
      long elements = tower.tables();
      Parameter.whole(graph, "positions", Category.WEIGHTS, elements, DataType.FP32, false, 1);
    }
  }

  /** The same beside a tower that runs: the optimizer finds no gradients of this one. */
  public static void loadUnreached(
      Graph graph, Tower tower, StepSettings settings, Sharding sharding) {
    ModuleFactory unreached = new ModuleFactory(graph, settings, sharding);
    load(graph, unreached, tower, settings, sharding);
    unreached.trainables().forEach(each -> each.parameter().putOutOfReach());
  }

  private void load() {
    for (Linear linear : tower.linears()) {
      if (isWord(linear.name())) {
        continue;
      }
      boolean still = frozen.contains(part(linear.name()));
      place(linear.name(), still, () -> modules.projection(linear));
    }
    for (ParameterTensor tensor : tower.others()) {
      if (isWord(tensor.name())) {
        continue;
      }
      boolean still = tensor.group().isFixed() || frozen.contains(part(tensor.name()));
      place(tensor.name(), still, () -> parameter(tensor));
    }
  }

  /** Whether the embeddings of tokens have put it onto the trace. */
  private boolean isWord(String path) {
    return tower.words().filter(each -> each.has(path)).isPresent();
  }

  private Parameter parameter(ParameterTensor tensor) {
    return tensor.group() == TensorGroup.FIXED_WIDE_TOWER
        ? modules.wideParameter("tower", tensor.count(), tensor.shape().get(0))
        : modules.outsideParameter("tower", tensor.count(), use(tensor));
  }

  /** What an optimizer takes a tensor of a tower's for. */
  static Trainable.Use use(ParameterTensor tensor) {
    return tensor.group() == TensorGroup.TOWER_TABLE ? Trainable.Use.TABLE : Trainable.Use.OTHER;
  }

  private <T> void place(String path, boolean still, Supplier<T> body) {
    Optional<String> unit = Tower.unit(path, units);
    Supplier<T> made = () -> modules.frozen(still, body);
    sharding.unread(() -> unit.isPresent() ? sharding.idle(unit.get(), made) : made.get());
  }

  private static FrozenPart part(String path) {
    return Tower.isProjector(path) ? FrozenPart.PROJECTORS : FrozenPart.TOWERS;
  }
}
