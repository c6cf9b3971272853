package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.Map;
import java.util.Optional;

/**
 * What the time of a model depends on, counted once so that many jobs can be estimated for it.
 *
 * @param weights numbers of its parameters
 * @param layers decoder layers
 * @param hidden features of the residual stream
 * @param activations sum over layers of the features of the two large activations: the residual
 *     stream and what lies inside the MLP
 * @param attention query features by the window that they see
 * @param kept elements of keys and values that a token leaves while completions are generated, by
 *     the window that keeps them
 * @param targets what adapters can be put on
 * @param tower what runs on images; empty where there is none that is modelled
 * @param stackedExperts versions of Transformers in which experts are run by a grouped product
 */
public record ModelProfile(
    WeightCounts weights,
    int layers,
    double hidden,
    double activations,
    Map<Integer, Double> attention,
    Map<Integer, Double> kept,
    AdapterTargets targets,
    Optional<TowerProfile> tower,
    Versions stackedExperts) {

  public ModelProfile {
    attention = Map.copyOf(attention);
    kept = Map.copyOf(kept);
  }

  /** Counts a model. */
  public static ModelProfile of(Architecture architecture) {
    LayerSums sums = new LayerSums();
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        sums.add(layer, run.times());
      }
    }
    double hidden = architecture.hiddenSize();
    int layers = architecture.layerCount();
    return new ModelProfile(
        WeightCounts.of(architecture, sums),
        layers,
        hidden,
        sums.inner() + hidden * layers,
        sums.attention(),
        sums.kept(),
        AdapterTargets.of(architecture),
        TowerProfile.of(architecture),
        architecture.traits().experts().stacked());
  }

  /** Elements of the keys and values of a sequence of so many tokens. */
  public double kept(double tokens) {
    return kept.entrySet().stream()
        .mapToDouble(
            each ->
                each.getValue() * (each.getKey() > 0 ? Math.min(tokens, each.getKey()) : tokens))
        .sum();
  }
}
