package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;

/**
 * A tower that sees all tiles of an image in one sequence, and gives the hidden states of some
 * layers beside those of the last (transformers MllamaVisionModel).
 *
 * @param first norm before the layers
 * @param middle norm between the layers
 * @param local layers before {@code middle}
 * @param read how many layers the hidden states have gone through that are given beside the last
 */
public record TiledTower(
    Size size, Vectors vectors, Norm first, Norm middle, int local, List<Integer> read) {

  public TiledTower {
    read = List.copyOf(read);
  }

  /**
   * How large an image is.
   *
   * @param tiles of it, which the processor fills up with empty ones
   * @param cells hidden states of a tile: its patches and the class token
   * @param length of a tile in the sequence: {@code cells} and padding
   * @param width features of a hidden state
   */
  public record Size(int tiles, int cells, int length, long width) {}

  /**
   * Learned vectors among the hidden states.
   *
   * @param classToken stands before the patches of each tile
   * @param before those of tiles, added to their patches
   * @param position added to each hidden state of a tile
   * @param place added to each hidden state of an image
   * @param behind as {@code before}, between the layers
   */
  public record Vectors(
      ParameterTensor classToken,
      Gated before,
      Gated position,
      ParameterTensor place,
      Gated behind) {}

  /** A table with the number whose hyperbolic tangent it is multiplied with. */
  public record Gated(ParameterTensor table, ParameterTensor gate) {}

  /** Hidden states of an image that the language model looks at. */
  public int states() {
    return Math.multiplyExact(size.tiles(), size.cells());
  }

  /** Hidden states of an image with their padding. */
  public int sequence() {
    return Math.multiplyExact(size.tiles(), size.length());
  }
}
