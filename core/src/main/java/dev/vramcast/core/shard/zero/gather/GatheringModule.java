package dev.vramcast.core.shard.zero.gather;

import dev.vramcast.core.autograd.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A module on which hooks gather and release. */
final class GatheringModule {

  private final List<GatheredParameter> parameters;

  /**
   * Frozen parameters of what runs again in its backward pass ({@code ds_recompute_parameters}).
   */
  final Set<GatheredParameter> runAgain = new LinkedHashSet<>();

  /** Values of parameters that a checkpoint has saved for this module's backward pass. */
  final List<Tensor> saved = new ArrayList<>();

  /**
   * A module.
   *
   * @param parameters its own, in the order in which they were made
   */
  GatheringModule(List<GatheredParameter> parameters) {
    this.parameters = List.copyOf(parameters);
  }

  List<GatheredParameter> parameters() {
    return parameters;
  }
}
