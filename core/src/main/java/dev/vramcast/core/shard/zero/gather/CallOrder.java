package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.shard.zero.gather.GatheredParameter.Status;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The order in which modules were called in a step, and the queue of their parameters. */
final class CallOrder {

  private final List<GatheringModule> modules = new ArrayList<>();
  private final List<Use> uses = new ArrayList<>();
  private final Map<GatheredParameter, List<Integer>> steps = new HashMap<>();

  /** By step: elements of the parameters of all modules before it. */
  private long[] before = {};

  private int next;

  /** A parameter of the module that is called at this step. */
  private record Use(GatheredParameter parameter, int step) {}

  /** A module is called. */
  void add(GatheringModule module) {
    modules.add(module);
  }

  /** The step is over. */
  void complete() {
    before = new long[modules.size() + 1];
    for (int step = 0; step < modules.size(); step++) {
      List<GatheredParameter> own = new ArrayList<>(modules.get(step).parameters());
      own.sort(Comparator.comparingInt(GatheredParameter::order));
      before[step + 1] = before[step];
      for (GatheredParameter each : own) {
        uses.add(new Use(each, step));
        steps.computeIfAbsent(each, p -> new ArrayList<>()).add(step);
        // What is within a leaf is passed over where another module's parameters may go.
        before[step + 1] += modules.get(step).below().leaf() ? 0 : each.elements();
      }
    }
  }

  /** Another step begins. */
  void rewind() {
    next = 0;
  }

  /** Whether this module was called at that step. */
  boolean isNext(int step, GatheringModule module) {
    return step < modules.size() && modules.get(step) == module;
  }

  /** A module runs whose parameters leave the queue, where they have not been gathered ahead. */
  void pass(GatheringModule module, int step) {
    Set<GatheredParameter> missing = new LinkedHashSet<>();
    for (GatheredParameter each : module.parameters()) {
      if (each.fetchedFor < step) {
        missing.add(each);
      }
    }
    Set<GatheredParameter> taken = new LinkedHashSet<>();
    while (next < uses.size() && taken.size() < missing.size()) {
      Use use = uses.get(next);
      next++;
      use.parameter().fetchedFor = use.step();
      taken.add(use.parameter());
    }
  }

  /** Takes parameters that come next from the queue, until so many elements have to be gathered. */
  Set<GatheredParameter> ahead(long most) {
    Set<GatheredParameter> wanted = new LinkedHashSet<>();
    long elements = 0;
    while (next < uses.size() && elements < most) {
      Use use = uses.get(next);
      next++;
      GatheredParameter each = use.parameter();
      each.fetchedFor = Math.max(each.fetchedFor, use.step());
      if (each.status == Status.NOT_AVAILABLE && wanted.add(each)) {
        elements += each.elements();
      }
    }
    return wanted;
  }

  /**
   * What of a module's parameters can go: neither small ones, nor those that the queue has passed
   * by already for later modules, nor those that come again before {@code reuse} others.
   */
  Set<GatheredParameter> releasable(GatheringModule module, int step, long reuse) {
    Set<GatheredParameter> all = new LinkedHashSet<>();
    boolean leaf = module.below().leaf();
    if (leaf && comesAgain(module, step, reuse)) {
      return all;
    }
    for (GatheredParameter each : module.parameters()) {
      boolean stays = each.persists() || each.fetchedFor > step;
      if (!stays && (leaf || !comesAgain(each, step, reuse))) {
        all.add(each);
      }
    }
    return all;
  }

  /** Of a leaf, modules around others count with all that is within these. */
  private boolean comesAgain(GatheringModule leaf, int step, long reuse) {
    long passed = 0;
    for (int at = step; at < modules.size() && passed < reuse; at++) {
      GatheringModule.Below below = modules.get(at).below();
      if (below.layers() || below.parameters().containsAll(leaf.parameters())) {
        return true;
      }
      passed += below.elements();
    }
    return false;
  }

  private boolean comesAgain(GatheredParameter parameter, int step, long reuse) {
    List<Integer> its = steps.getOrDefault(parameter, List.of());
    int at = Collections.binarySearch(its, step);
    int index = at < 0 ? ~at : at;
    return index < its.size()
        && before[its.get(index)] - before[Math.min(step, modules.size())] < reuse;
  }
}
