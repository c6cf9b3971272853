package dev.vramcast.core.architecture.traits;

/**
 * How experts are stored and run.
 *
 * @param stacked one parameter each for gate-up and down of all experts, run by a grouped product
 * @param sumsInRoutingDtype outputs of looped experts are summed in the dtype of their weights
 */
public record ExpertTraits(ExpertCode code, Versions stacked, boolean sumsInRoutingDtype) {}
