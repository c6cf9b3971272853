package dev.vramcast.core.architecture.traits;

/**
 * How experts are chosen, stored and run.
 *
 * @param split tokens sorted by expert are split and multiplied one by one, as Granite did
 * @param stacked one parameter each for gate-up and down of all experts, run by a grouped product
 * @param sharedFirst the MLP that every token visits runs before router and experts
 * @param chunked a parameter of all experts is divided once, where others take a slice an expert
 * @param inputsFirst a stack has the inputs' dimension before the outputs', as a grouped product
 *     takes it ({@code is_transposed} of integrations/moe.py)
 * @param sumsInRoutingDtype outputs of looped experts are summed in the dtype of their weights
 * @param scaled what they gave together is multiplied by a constant, not their weights
 */
public record ExpertTraits(
    RouterTraits router,
    ExpertCode code,
    Versions split,
    Versions stacked,
    Versions sharedFirst,
    Versions chunked,
    boolean inputsFirst,
    boolean sumsInRoutingDtype,
    boolean scaled) {}
