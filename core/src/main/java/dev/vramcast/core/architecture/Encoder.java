package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;

/**
 * What a model runs on images: a vision transformer and a projector into the language model.
 *
 * @param grid how many patches and tokens an image is
 * @param seesWholeImages the language model's mask lets the tokens of an image see each other, so
 *     that there is always one
 * @param ownPositions each sequence has rotary tables of its own, by where its images stand
 * @param divided the result is divided by images and put together again
 * @param branches what enters the language model behind its first layers, one layer each
 */
public record Encoder(
    VisionStack stack,
    Projector projector,
    ImageGrid grid,
    boolean seesWholeImages,
    boolean ownPositions,
    boolean divided,
    List<Branch> branches) {

  public Encoder {
    branches = List.copyOf(branches);
  }

  /** One whose result alone enters the language model. */
  public Encoder(
      VisionStack stack,
      Projector projector,
      ImageGrid grid,
      boolean seesWholeImages,
      boolean ownPositions,
      boolean divided) {
    this(stack, projector, grid, seesWholeImages, ownPositions, divided, List.of());
  }

  /**
   * Hidden states in the midst of the tower with a projector of their own (transformers
   * Qwen3VLVisionModel, {@code deepstack_merger_list}).
   *
   * @param layers of the tower that they have gone through
   */
  public record Branch(int layers, Projector projector) {}
}
