package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.autograd.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A module on which hooks gather and release. */
final class GatheringModule {

  private final List<GatheredParameter> parameters;
  private final Below below;

  /**
   * Frozen parameters of what runs again in its backward pass ({@code ds_recompute_parameters}).
   */
  final Set<GatheredParameter> runAgain = new LinkedHashSet<>();

  /** Values of parameters that a checkpoint has saved for this module's backward pass. */
  final List<Tensor> saved = new ArrayList<>();

  /**
   * What is in a module.
   *
   * @param leaf no module within it has hooks, so that all parameters are its own
   * @param layers it holds all layers
   * @param parameters its own and those of modules within it, where it does not hold all layers
   * @param elements of these
   */
  record Below(boolean leaf, boolean layers, Set<GatheredParameter> parameters, long elements) {

    /** Where no module is a leaf, nobody asks. */
    static final Below UNKNOWN = new Below(false, false, Set.of(), 0);

    static Below of(boolean leaf, boolean layers, Set<GatheredParameter> parameters) {
      long elements = parameters.stream().mapToLong(GatheredParameter::elements).sum();
      return new Below(leaf, layers, Set.copyOf(parameters), elements);
    }
  }

  /**
   * A module.
   *
   * @param parameters its own, in the order in which they were made
   */
  GatheringModule(List<GatheredParameter> parameters, Below below) {
    this.parameters = List.copyOf(parameters);
    this.below = below;
  }

  Below below() {
    return below;
  }

  List<GatheredParameter> parameters() {
    return parameters;
  }
}
