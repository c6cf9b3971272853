package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.autograd.Tensor;
import dev.vramcast.core.shard.zero.gather.GatheredParameter.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * DeepSpeed's PartitionedParameterCoordinator, which gathers what a module needs and, where it has
 * seen a step before, what comes next (deepspeed/runtime/zero/partitioned_param_coordinator.py,
 * 0.19).
 */
final class ParameterCoordinator implements ModuleSteps {

  private final GatherSizes sizes;
  private final GatherMemory memory;
  private final GatheringModules modules;
  private final Map<GatheredParameter, Gather> inFlight = new LinkedHashMap<>();
  private final Set<GatheringModule> runBackward = new LinkedHashSet<>();
  private final Map<Asked, Set<GatheredParameter>> answers = new HashMap<>();
  private CallOrder order = new CallOrder();
  private Mode mode = Mode.INVALID;
  private int step;
  private long available;

  /** What of a module's parameters can go behind this step. */
  private record Asked(GatheringModule module, int step) {}

  /** {@code ZeRoTraceMode}. */
  private enum Mode {
    RECORD,
    COMPLETE,
    INVALID
  }

  /** Nothing has run yet. */
  ParameterCoordinator(GatherSizes sizes, GatherMemory memory, GatheringModules modules) {
    this.sizes = sizes;
    this.memory = memory;
    this.modules = modules;
  }

  /** What is whole or in flight now is on the trace from now on. */
  void write() {
    memory.write();
    for (GatheredParameter each : modules.parameters()) {
      if (each.status == Status.AVAILABLE && each.whole == null) {
        each.whole = memory.copy(each);
      }
    }
    inFlight.values().forEach(Gather::write);
  }

  /** What happens until the next {@link #write} is not on the trace. */
  void pause() {
    memory.pause();
  }

  @Override
  public void reset() {
    dropInFlight();
    if (mode == Mode.RECORD) {
      order.complete();
      mode = Mode.COMPLETE;
    } else if (mode == Mode.INVALID) {
      mode = Mode.RECORD;
    }
    order.rewind();
    modules.parameters().forEach(each -> each.fetchedFor = GatheredParameter.NEVER);
    step = 0;
    available = 0;
  }

  /**
   * _clean_inflight_param_registry: each is waited for and let go, and what has not been asked for
   * keeps the buffer of its gather until all are through.
   */
  private void dropInFlight() {
    inFlight.forEach(
        (each, gather) -> {
          gather.arrive();
          release(each);
        });
    inFlight.values().forEach(Gather::ask);
    inFlight.clear();
  }

  /** _invalidate_trace. */
  @Override
  public void invalidate() {
    mode = Mode.INVALID;
    order = new CallOrder();
    modules.parameters().forEach(each -> each.fetchedFor = GatheredParameter.NEVER);
    dropInFlight();
  }

  /** All is divided, and no order of modules is known, as before the first step. */
  void forget() {
    invalidate();
    endStep();
    answers.clear();
  }

  private void follow(GatheringModule module) {
    if (mode == Mode.COMPLETE && !order.isNext(step, module)) {
      invalidate();
    }
    if (mode == Mode.RECORD) {
      order.add(module);
    }
  }

  @Override
  public void forward(ModuleId id, boolean again) {
    GatheringModule module = modules.module(id);
    follow(module);
    fetch(module, again);
  }

  @Override
  public void backward(ModuleId id) {
    GatheringModule module = modules.module(id);
    follow(module);
    runBackward.add(module);
    fetch(module, false);
  }

  private void fetch(GatheringModule module, boolean again) {
    gather(module.parameters());
    for (GatheredParameter each : module.parameters()) {
      each.active.add(module);
      if (again && sizes.again().keepsFrozen() && !each.trained()) {
        keepForBackward(each);
      }
      ask(each);
      each.show();
    }
    if (mode == Mode.COMPLETE) {
      order.pass(module, step);
      ahead();
    }
    step++;
  }

  /** update_recompute_parameters: as long as the module whose backward pass began last. */
  private void keepForBackward(GatheredParameter parameter) {
    GatheringModule last = null;
    for (GatheringModule each : runBackward) {
      last = each;
    }
    if (last != null) {
      last.runAgain.add(parameter);
      parameter.active.add(last);
    }
  }

  private void ahead() {
    long most = Math.min(sizes.limits().maxLive() - available, sizes.limits().prefetchBucket());
    if (sizes.limits().prefetchBucket() > 0) {
      gather(order.ahead(most));
    }
  }

  private void gather(Collection<GatheredParameter> wanted) {
    List<GatheredParameter> divided = new ArrayList<>();
    for (GatheredParameter each : wanted) {
      if (each.status == Status.NOT_AVAILABLE) {
        divided.add(each);
        available += each.elements();
      }
    }
    if (divided.isEmpty()) {
      return;
    }
    divided.sort(Comparator.comparingInt(GatheredParameter::order));
    Gather gather = new Gather(memory, divided);
    divided.forEach(each -> inFlight.put(each, gather));
  }

  private void ask(GatheredParameter parameter) {
    Gather gather = inFlight.remove(parameter);
    if (gather != null) {
      gather.ask();
    }
  }

  @Override
  public void endForward(ModuleId id, boolean again) {
    GatheringModule module = modules.module(id);
    if (again && sizes.again().keepsValues()) {
      keepSaved(module);
    }
    module.parameters().forEach(GatheredParameter::hide);
    release(module, module.parameters(), releasable(module));
  }

  @Override
  public void endBackward(ModuleId id) {
    GatheringModule module = modules.module(id);
    Set<GatheredParameter> released = releasable(module);
    module.runAgain.stream().filter(each -> !each.persists()).forEach(released::add);
    runBackward.remove(module);
    leave(module, released);
  }

  /** The backward pass of a module is over; what ran again for it goes with its own. */
  private void leave(GatheringModule module, Set<GatheredParameter> released) {
    Set<GatheredParameter> all = parameters(module);
    module.runAgain.clear();
    module.saved.forEach(memory::free);
    module.saved.clear();
    release(module, all, released);
  }

  private static Set<GatheredParameter> parameters(GatheringModule module) {
    Set<GatheredParameter> all = new LinkedHashSet<>(module.parameters());
    all.addAll(module.runAgain);
    return all;
  }

  /**
   * A checkpoint that is not reentrant saves trained parameters' values as they were ({@code
   * detach} of torch/utils/checkpoint.py); what it saves of views goes with what saved them.
   */
  private void keepSaved(GatheringModule module) {
    for (GatheredParameter each : module.parameters()) {
      Tensor whole = each.whole;
      if (each.trained() && whole != null && !each.isViewed()) {
        module.saved.add(whole.hold());
      }
    }
  }

  /**
   * __params_to_release keeps its answers ({@code functools.lru_cache}) from one order to the next,
   * with what a backward pass has put into them.
   */
  private Set<GatheredParameter> releasable(GatheringModule module) {
    return mode == Mode.COMPLETE
        ? answers.computeIfAbsent(
            new Asked(module, step),
            asked -> order.releasable(module, step, sizes.limits().maxReuse()))
        : new LinkedHashSet<>(module.parameters());
  }

  private void release(
      GatheringModule module, Collection<GatheredParameter> all, Set<GatheredParameter> released) {
    for (GatheredParameter each : all) {
      each.active.remove(module);
      if (released.contains(each)) {
        release(each);
      }
    }
  }

  private void release(GatheredParameter parameter) {
    if (parameter.status == Status.AVAILABLE && parameter.active.isEmpty()) {
      drop(parameter);
      available -= parameter.elements();
    }
  }

  private void drop(GatheredParameter parameter) {
    if (parameter.whole != null) {
      memory.free(parameter.whole);
      parameter.whole = null;
    }
    parameter.status = Status.NOT_AVAILABLE;
  }

  /** release_backward_leftovers: of modules whose inputs have no gradient. */
  @Override
  public void endBackward() {
    List<GatheringModule> left = new ArrayList<>(runBackward);
    for (int i = left.size() - 1; i >= 0; i--) {
      GatheringModule module = left.get(i);
      Set<GatheredParameter> released = parameters(module);
      released.removeIf(GatheredParameter::persists);
      leave(module, released);
    }
    runBackward.clear();
  }

  /** All is divided for the step, and small parameters are gathered behind it (stage3.py step). */
  @Override
  public void endStep() {
    dropInFlight();
    for (GatheredParameter each : modules.parameters()) {
      each.active.clear();
      if (each.status == Status.AVAILABLE && !each.persists()) {
        drop(each);
      } else if (each.status == Status.NOT_AVAILABLE && each.persists()) {
        each.whole = memory.persistent(each);
        each.status = Status.AVAILABLE;
      }
    }
  }
}
