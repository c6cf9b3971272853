package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import java.util.List;
import java.util.Optional;

/**
 * A vision transformer: patches and layers, in which every patch of an image sees all others.
 *
 * @param traits what its modeling code does
 * @param layerPath its list of layers
 * @param after norm behind the last layer
 */
public record VisionStack(
    ModelTraits traits,
    ModelingFile modelingFile,
    PatchEmbedding patches,
    String layerPath,
    List<LayerRun> layers,
    Optional<Norm> after) {

  public VisionStack {
    layers = List.copyOf(layers);
  }

  /** Number of its layers. */
  public int layerCount() {
    return layers.stream().mapToInt(LayerRun::layerCount).sum();
  }
}
