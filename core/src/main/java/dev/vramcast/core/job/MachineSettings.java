package dev.vramcast.core.job;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The machines on which a job runs, beside their GPUs.
 *
 * @param memoryBytes of each; empty where nobody says
 * @param diskBytes of each; empty where nobody says
 * @param loaderWorkers processes of each rank that prepare batches
 * @param firstRankLoads whether the weights of what is sharded are loaded by one rank of each and
 *     not by all; empty where the framework's code decides
 */
public record MachineSettings(
    OptionalLong memoryBytes,
    OptionalLong diskBytes,
    int loaderWorkers,
    Optional<Boolean> firstRankLoads) {

  /** Machines of which nothing is known. */
  public static final MachineSettings UNKNOWN =
      new MachineSettings(OptionalLong.empty(), OptionalLong.empty(), 0, Optional.empty());
}
