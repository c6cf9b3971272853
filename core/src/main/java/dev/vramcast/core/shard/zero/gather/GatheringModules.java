package dev.vramcast.core.shard.zero.gather;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The modules of a model with the parameters that hooks on each gather. */
final class GatheringModules {

  private final GatherSizes sizes;
  private final Map<Integer, List<StoredParameter>> owned = new HashMap<>();
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

  GatheringModule module(ModuleId id) {
    return modules.computeIfAbsent(id, this::make);
  }

  private GatheringModule make(ModuleId id) {
    Set<GatheredParameter> own = new LinkedHashSet<>();
    for (StoredParameter each : owned.getOrDefault(id.module(), List.of())) {
      own.add(parameter(each, each.layered() ? id.layer() : 0));
    }
    return new GatheringModule(List.copyOf(own));
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
