package dev.vramcast.core.shard.zero.gather;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules of a model with the parameters that hooks on each gather. */
final class GatheringModules {

  private final GatherSizes sizes;
  private final Map<Integer, List<StoredParameter>> owned = new HashMap<>();
  private final Map<Integer, List<StoredParameter>> held = new HashMap<>();
  private final Set<Integer> leaves = new HashSet<>();
  private final Set<Integer> around = new HashSet<>();
  private final Map<ModuleId, GatheringModule> modules = new HashMap<>();
  private final Map<Instance, GatheredParameter> parameters = new LinkedHashMap<>();

  /** One of equal layers' parameters. */
  private record Instance(StoredParameter stored, int layer) {}

  /** No module has any yet. */
  GatheringModules(GatherSizes sizes) {
    this.sizes = sizes;
  }

  /** A module has a parameter, which others may have too. */
  void give(int module, StoredParameter stored) {
    owned.computeIfAbsent(module, m -> new ArrayList<>()).add(stored);
  }

  /** A parameter is of a module or of one within it, which itself may be outside of layers. */
  void hold(int module, StoredParameter stored, boolean outside) {
    held.computeIfAbsent(module, m -> new ArrayList<>()).add(stored);
    if (outside && stored.layered()) {
      around.add(module);
    }
  }

  /** A parameter is of no module that runs. */
  void rest(StoredParameter stored) {
    parameter(stored, 0);
  }

  /** No module within this one has hooks. */
  void leaf(int module) {
    leaves.add(module);
  }

  GatheringModule module(ModuleId id) {
    return modules.computeIfAbsent(id, this::make);
  }

  private GatheringModule make(ModuleId id) {
    Set<GatheredParameter> own = instances(owned, id);
    return new GatheringModule(List.copyOf(own), below(id));
  }

  private GatheringModule.Below below(ModuleId id) {
    if (leaves.isEmpty()) {
      return GatheringModule.Below.UNKNOWN;
    }
    boolean layers = id.isAround() || around.contains(id.module());
    return GatheringModule.Below.of(
        leaves.contains(id.module()), layers, layers ? Set.of() : instances(held, id));
  }

  private Set<GatheredParameter> instances(Map<Integer, List<StoredParameter>> of, ModuleId id) {
    Set<GatheredParameter> all = new LinkedHashSet<>();
    for (StoredParameter each : of.getOrDefault(id.module(), List.of())) {
      all.add(parameter(each, each.layered() ? id.layer() : 0));
    }
    return all;
  }

  private GatheredParameter parameter(StoredParameter stored, int layer) {
    return parameters.computeIfAbsent(
        new Instance(stored, layer),
        instance ->
            new GatheredParameter(
                stored.parameter(),
                parameters.size(),
                stored.elements(),
                stored.dtype(),
                stored.elements() <= sizes.limits().persistenceThreshold(),
                stored.trained()));
  }

  /** All of which a module has run. */
  List<GatheredParameter> parameters() {
    return List.copyOf(parameters.values());
  }
}
