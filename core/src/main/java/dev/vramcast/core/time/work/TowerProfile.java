package dev.vramcast.core.time.work;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.SoundChunks;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the time of a vision tower depends on.
 *
 * @param layers of the tower whose result is read
 * @param unread layers behind these, which run forward alone
 * @param activations sum over layers of the features of the two large activations
 * @param attention features of all heads by the patches that see each other, 0 for all of an image
 * @param grid how many patches and tokens an image is
 * @param projections names of what adapters can be put on
 */
public record TowerProfile(
    int layers,
    int unread,
    Weights weights,
    Seen seen,
    double activations,
    Map<Integer, Double> attention,
    ImageGrid grid,
    List<String> projections) {

  public TowerProfile {
    attention = Map.copyOf(attention);
    projections = List.copyOf(projections);
  }

  /**
   * Weights that are visited.
   *
   * @param patch by a patch
   * @param token by a token of the language model, those of projectors, or by a state, those of
   *     layers that look at it
   */
  public record Weights(double patch, double token) {}

  /**
   * What layers of the language model look at.
   *
   * @param states of an image; 0 where it has tokens
   * @param width features of query heads of these layers
   */
  public record Seen(int states, double width) {}

  /**
   * That of the tower which runs; empty where no tower's code is known.
   *
   * @param ofSound on sound among texts, not on images
   */
  static Optional<TowerProfile> of(Architecture architecture, boolean ofSound) {
    return architecture.towers().stream()
        .flatMap(
            tower ->
                tower
                    .encoder()
                    .filter(each -> each.listens() == ofSound)
                    .map(encoder -> of(tower, encoder))
                    .stream())
        .findFirst();
  }

  private static TowerProfile of(Tower tower, Encoder encoder) {
    VisionStack stack = encoder.stack();
    Linear pixels = stack.patches().projection();
    double sound =
        stack.patches().sound().map(each -> (double) each.second().weightCount()).orElse(0.0)
            + stack.chunks().map(SoundChunks::weights).orElse(0.0);
    LayerSums sums = new LayerSums();
    for (LayerRun run : stack.layers().read()) {
      for (DecoderLayer layer : run.period()) {
        sums.add(layer, run.times());
      }
    }
    Projector projector = encoder.projector();
    double token = weights(projector);
    for (Encoder.Branch branch : encoder.branches()) {
      token += weights(branch.projector());
    }
    Looking looking = Looking.of(encoder);
    return new TowerProfile(
        stack.layerCount(),
        stack.layers().unread().layerCount(),
        new Weights(
            stack.patches().weights() + sound + sums.linear() + ofPatches(projector),
            token + looking.weights() + stack.pool().map(PatchPool::weights).orElse(0L)),
        looking.seen(),
        sums.inner() + (double) stack.layerCount() * pixels.out(),
        sums.attention(),
        encoder.grid(),
        tower.linears().stream().map(Linear::name).toList());
  }

  /** Layers of the language model that look at images. */
  private record Looking(double weights, Seen seen) {

    static Looking of(Encoder encoder) {
      if (encoder.crossing().isEmpty()) {
        return new Looking(0, new Seen(0, 0));
      }
      double weights = 0;
      double width = 0;
      for (LayerRun run : encoder.crossing().get().layers()) {
        for (DecoderLayer layer : run.period()) {
          Optional<CrossAttention> cross = LayerSums.looking(layer);
          if (cross.isPresent()) {
            weights += run.times() * LayerSums.weights(cross.get().ofStates());
            width += (double) run.times() * cross.get().heads() * cross.get().headSize();
          }
        }
      }
      return new Looking(weights, new Seen(encoder.crossing().get().states(), width));
    }
  }

  /** Weights of a projector that a patch visits. */
  private static double ofPatches(Projector projector) {
    if (projector instanceof Projector.Twice twice) {
      return weights(twice.patches());
    }
    if (!(projector instanceof Projector.Resampled resampled)) {
      return 0;
    }
    double looking =
        resampled.layers().stream()
            .mapToDouble(each -> LayerSums.weights(each.attention().ofStates()))
            .sum();
    return looking + LayerSums.weights(resampled.first().linears());
  }

  private static double weights(Projector projector) {
    if (projector instanceof Projector.Resampled resampled) {
      return resampled.layers().stream()
          .mapToDouble(
              each ->
                  LayerSums.weights(each.attention().linears())
                      + LayerSums.weights(each.mlp().linears()))
          .sum();
    } else if (projector instanceof Projector.Absent) {
      return 0;
    } else if (projector instanceof Projector.Looked looked) {
      return looked.table().count();
    } else if (projector instanceof Projector.Normed normed) {
      return normed.linear().weightCount();
    } else if (projector instanceof Projector.Pooled pooled) {
      return pooled.weight().weightCount();
    } else if (projector instanceof Projector.Merged merged) {
      return merged.merging().weightCount() + weights(merged.perceptron());
    } else if (projector instanceof Projector.Twice twice) {
      return weights(twice.squares());
    } else if (projector instanceof Projector.Framed framed) {
      return framed.merging().weightCount()
          + framed.widening().weightCount()
          + framed.linear().weightCount();
    } else if (projector instanceof Projector.Halved halved) {
      return halved.first().weightCount() + halved.second().weightCount();
    } else if (projector instanceof Projector.Gated gated) {
      return gated.first().weightCount()
          + gated.mlp().linears().stream().mapToDouble(Linear::weightCount).sum();
    }
    return ((Projector.Perceptron) projector)
        .linears().stream().mapToDouble(Linear::weightCount).sum();
  }

  /** Whether it reads a text, at whose states layers look. */
  public boolean readsText() {
    return seen.states() == 0 && seen.width() > 0;
  }

  /** Whether adapters are put on something in it. */
  public boolean isAdapted(boolean all, List<String> targets) {
    return all
        || projections.stream()
            .anyMatch(path -> targets.stream().anyMatch(name -> path.endsWith("." + name)));
  }

  /** Features of heads times the patches that each patch of an image is held against. */
  public double attended(int patches) {
    return attention.entrySet().stream()
        .mapToDouble(
            each ->
                each.getValue() * (each.getKey() > 0 ? Math.min(each.getKey(), patches) : patches))
        .sum();
  }
}
