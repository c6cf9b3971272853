package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/** How many patches and tokens an image is. */
public sealed interface ImageGrid
    permits ImageGrid.Fixed,
        RoundedSize,
        RoundedSize.Rowed,
        RoundedSize.Shrunk,
        OwnSize,
        AnyResolution,
        TiledCanvas,
        CutCanvas,
        CoveredTiles,
        SplitTiles,
        Quartered,
        CutWhenLarge,
        PooledSize,
        TokenRow,
        SoundGrid {

  /**
   * The parts of each of several images of that size; empty where it takes a size to know and none
   * is given.
   *
   * @param count images of a sequence
   */
  Optional<Parts> of(int count, Optional<Size> size);

  /** Sides in pixels. */
  record Size(int width, int height) {}

  /**
   * Parts of an image.
   *
   * @param tiles that the tower sees, each like an image of its own
   * @param patches hidden states of a tile
   * @param tokens of the language model that stand for the image
   * @param marks tokens of text that the processor writes around and among them
   * @param canvas what the tiles make together; empty where each stands for itself
   * @param padding patches of a tile that show nothing, behind those that do
   * @param beyond pixels of a tile behind its last whole patches
   */
  record Parts(
      int tiles,
      int patches,
      int tokens,
      int marks,
      Optional<Canvas> canvas,
      int padding,
      int beyond) {

    /** Tiles of whole patches. */
    public Parts(
        int tiles, int patches, int tokens, int marks, Optional<Canvas> canvas, int padding) {
      this(tiles, patches, tokens, marks, canvas, padding, 0);
    }

    /** Tiles all of whose patches show something. */
    public Parts(int tiles, int patches, int tokens, int marks, Optional<Canvas> canvas) {
      this(tiles, patches, tokens, marks, canvas, 0, 0);
    }

    /** An image that the tower sees as it is. */
    public static Parts whole(int patches, int tokens, int marks) {
      return new Parts(1, patches, tokens, marks, Optional.empty());
    }
  }

  /**
   * Tiles laid beside each other.
   *
   * @param cells their tokens
   * @param kept those that show a part of the image and no padding
   * @param rows what is left of these when they are shrunk, each of which ends with a vector
   * @param columns as {@code rows}
   */
  record Canvas(int cells, int kept, int rows, int columns) {

    /** Whether some of what shows the image is left out. */
    public boolean isShrunk() {
      return rows * columns < kept;
    }
  }

  /** A processor that brings all images to one size. */
  record Fixed(Parts parts) implements ImageGrid {

    @Override
    public Optional<Parts> of(int count, Optional<Size> size) {
      return Optional.of(parts);
    }
  }
}
