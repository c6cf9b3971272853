package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.architecture.tensor.Linear;

/**
 * Numbers of a model's parameters.
 *
 * @param parameters elements of all tensors
 * @param linear weights of the layers' projections that one token visits
 * @param stored weights of the layers' projections, all experts included
 * @param experts of {@code stored}, those of routed experts
 * @param mixtures layers that have such
 * @param routed experts of all layers
 * @param mlps of {@code linear}, those of MLPs that are no experts
 * @param head weights of the projections behind the layers
 */
public record WeightCounts(
    double parameters,
    double linear,
    double stored,
    double experts,
    double mixtures,
    double routed,
    double mlps,
    double head) {

  static WeightCounts of(Architecture architecture, LayerSums sums) {
    return new WeightCounts(
        Tensors.count(architecture),
        sums.linear(),
        sums.stored(),
        sums.experts(),
        sums.mixtures(),
        sums.routed(),
        sums.mlps(),
        head(architecture.head()));
  }

  /** None where hidden states are the result: a pooler reads one token of a sequence. */
  private static double head(Head head) {
    return head.kind() == Head.Kind.HIDDEN_STATES
        ? 0
        : head.linears().stream().mapToDouble(Linear::weightCount).sum();
  }
}
