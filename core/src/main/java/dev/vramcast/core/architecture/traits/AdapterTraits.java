package dev.vramcast.core.architecture.traits;

import dev.vramcast.core.units.Version;
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
 * @param refused names of targets that PEFT refuses in this model (peft/tuners/tuners_utils.py
 *     _check_lora_target_modules_mamba)
 * @param refuses the versions of PEFT that do
 * @param severalResults the versions in which the router is a linear that returns several tensors,
 *     of which PEFT's layer takes one (peft/tuners/lora/layer.py Linear.forward)
 */
public record AdapterTraits(
    List<String> targets,
    Set<String> expertTargets,
    Versions rewrites,
    Set<String> refused,
    Versions refuses,
    Versions severalResults) {

  public AdapterTraits {
    targets = List.copyOf(targets);
    expertTargets = Set.copyOf(expertTargets);
    refused = Set.copyOf(refused);
  }

  /** The same, whose experts' targets stay where they are. */
  AdapterTraits leavingTargets() {
    return new AdapterTraits(targets, Set.of(), Versions.NONE, refused, refuses, severalResults);
  }

  /** Names of the targets that a version of PEFT refuses. */
  public Set<String> refusedBy(Version peft) {
    return refuses.contains(peft) ? refused : Set.of();
  }
}
