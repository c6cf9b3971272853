package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What the time of a model depends on, counted once so that many jobs can be estimated for it.
 *
 * @param model what was counted
 * @param weights numbers of its parameters
 * @param activations sum over layers of the features of the two large activations: the residual
 *     stream and what lies inside the MLP
 * @param attention query features by the window that they see
 * @param kept elements of keys and values that a token leaves while completions are generated
 * @param shapes of products and attention
 * @param targets what adapters can be put on
 * @param towers what runs on more than text
 */
public record ModelProfile(
    Architecture model,
    WeightCounts weights,
    double activations,
    Map<Integer, Double> attention,
    Map<KeyValueHeads, Double> kept,
    ModelWork.Shapes shapes,
    AdapterTargets targets,
    Towers towers) {

  /**
   * What runs on more than text.
   *
   * @param images empty where there is none that is modelled
   * @param sound among texts; empty as {@code images}
   */
  public record Towers(Optional<TowerProfile> images, Optional<TowerProfile> sound) {}

  public ModelProfile {
    attention = Map.copyOf(attention);
    kept = Map.copyOf(kept);
  }

  /** Counts a model. */
  public static ModelProfile of(Architecture architecture) {
    LayerSums sums = new LayerSums();
    int passes = architecture.extras().passes();
    for (LayerRun run : architecture.layers()) {
      for (DecoderLayer layer : run.period()) {
        sums.add(layer, passes * run.times());
      }
    }
    double residual = (double) architecture.hiddenSize() * passes * architecture.layerCount();
    return new ModelProfile(
        architecture,
        WeightCounts.of(architecture, sums),
        sums.inner() + residual,
        sums.attention(),
        sums.kept(),
        sums.shapes(),
        AdapterTargets.of(architecture),
        new Towers(TowerProfile.of(architecture, false), TowerProfile.of(architecture, true)));
  }

  /** What runs on images. */
  public Optional<TowerProfile> tower() {
    return towers.images();
  }

  /** What runs on sound. */
  public Optional<TowerProfile> listener() {
    return towers.sound();
  }

  /** The model whose layers run, with those that look at images where there are some. */
  public ModelProfile running(boolean images) {
    Architecture running = model.running(images);
    return Objects.equals(running, model) ? this : of(running);
  }

  /** Decoder layers. */
  public int layers() {
    return model.layerCount();
  }

  /** Features of the residual stream. */
  public double hidden() {
    return model.hiddenSize();
  }

  /** Versions of Transformers in which experts are run by a grouped product. */
  public Versions stackedExperts() {
    return model.traits().experts().stacked();
  }

  /** Elements of the keys and values of a sequence of so many tokens. */
  public double kept(double tokens) {
    return kept(tokens, 1);
  }

  /** As {@link #kept(double)}, those that one GPU of a tensor-parallel replica has. */
  public double kept(double tokens, int ranks) {
    return kept.entrySet().stream()
        .mapToDouble(
            each -> each.getValue() * each.getKey().tokens(tokens) * each.getKey().share(ranks))
        .sum();
  }
}
