package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/**
 * A processor that brings the longer side to a length, cuts the image into squares, and adds it
 * once whole (transformers idefics3 image processing, {@code get_number_of_image_patches} and
 * {@code split_images}).
 *
 * @param side of a tile in pixels
 * @param longest of the sides after resizing, in pixels
 * @param patches hidden states of a tile
 * @param tokens of a tile
 */
public record SplitTiles(int side, int longest, int patches, int tokens) implements ImageGrid {

  /** {@code MAX_IMAGE_SIZE}. */
  private static final int MOST_PIXELS_OF_A_SIDE = 4096;

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(this::parts);
  }

  private Parts parts(Size size) {
    boolean wide = size.width() >= size.height();
    double form = (double) size.width() / size.height();
    int longer = Math.min(longest, MOST_PIXELS_OF_A_SIDE);
    int shorter = (int) (wide ? longer / form : longer * form);
    int across = tiles(wide ? longer : even(shorter));
    int down = tiles(wide ? even(shorter) : longer);
    int cut = across * down;
    int tiles = cut > 1 ? cut + 1 : 1;
    return new Parts(
        tiles, patches, Math.multiplyExact(tiles, tokens), marks(cut, down), Optional.empty());
  }

  /**
   * Two around each tile and a break a row; two around the whole image and one behind it
   * (processing_idefics3.py {@code _prompt_split_image}).
   */
  private static int marks(int cut, int rows) {
    return cut > 1 ? 2 * cut + rows + 3 : 3;
  }

  private static int even(int length) {
    return Math.max(1, length % 2 == 0 ? length : length + 1);
  }

  private int tiles(int length) {
    return (length + side - 1) / side;
  }
}
