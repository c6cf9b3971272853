package dev.vramcast.core.architecture.traits;

import java.util.List;
import java.util.Set;

/**
 * What PEFT does with a model.
 *
 * @param targets modules that get adapters when nobody names them (peft/utils/constants.py)
 * @param expertTargets names of projections whose targets move from the experts' modules to the
 *     stacked parameters (peft/utils/transformers_weight_conversion.py; transformers
 *     conversion_mapping.py)
 * @param rewrites the versions of Transformers with which they move
 */
public record AdapterTraits(List<String> targets, Set<String> expertTargets, Versions rewrites) {

  public AdapterTraits {
    targets = List.copyOf(targets);
    expertTargets = Set.copyOf(expertTargets);
  }
}
