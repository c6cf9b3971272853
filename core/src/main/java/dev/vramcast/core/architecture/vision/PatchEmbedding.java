package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.Optional;

/**
 * How pixels become the hidden states of patches.
 *
 * @param projection a convolution whose stride is its kernel, as the product of a patch's pixels
 * @param reordered patches are brought into the order of windows, and tokens back out of it
 * @param isInputEmbedding the tower names it as its input embedding ({@code _input_embed_layer}),
 *     which {@code enable_input_require_grads} looks for
 */
public record PatchEmbedding(
    Linear projection, Optional<Positions> positions, boolean reordered, boolean isInputEmbedding) {

  /**
   * A learned table that is added.
   *
   * @param taps rows of which a patch's position is interpolated; 1 where each patch has its own
   */
  public record Positions(ParameterTensor table, int taps) {}

  /** The same, in the order of windows. */
  public PatchEmbedding inWindows() {
    return new PatchEmbedding(projection, positions, true, isInputEmbedding);
  }

  /** The same under no name, with positions that are interpolated between rows of a table. */
  public PatchEmbedding interpolating(ParameterTensor table, int taps) {
    return new PatchEmbedding(
        projection, Optional.of(new Positions(table, taps)), reordered, false);
  }

  /** Values of a patch in all channels. */
  public long pixels() {
    return projection.in();
  }
}
