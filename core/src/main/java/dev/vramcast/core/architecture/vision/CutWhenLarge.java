package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/**
 * A processor that keeps an image's own form within bounds on its tokens, cuts one that is much
 * larger into tiles before that, and fills each up to so many patches (transformers lfm2_vl image
 * processing, {@code resize_and_split}).
 *
 * @param patch side of a patch in pixels
 * @param merge patches of a token in each direction
 * @param tokens bounds on those of an image that is not cut
 * @param tile side of a tile in pixels
 * @param most tiles of an image
 */
public record CutWhenLarge(int patch, int merge, Bounds tokens, int tile, int most)
    implements ImageGrid {

  /** {@code min_tiles}. */
  private static final int LEAST_TILES = 2;

  /** {@code max_pixels_tolerance}. */
  private static final double TOLERANCE = 2.0;

  /** {@code <|image_start|>} and {@code <|image_end|>}. */
  private static final int MARKS = 2;

  /** From, to. */
  public record Bounds(int least, int most) {}

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(this::parts);
  }

  private Parts parts(Size size) {
    long pixels = (long) unit() * unit();
    RoundedSize shrunk =
        new RoundedSize(patch, merge, tokens.least() * pixels, tokens.most() * pixels);
    Parts whole = shrunk.of(1, Optional.of(size)).orElseThrow();
    int side = tile / patch;
    int patches = Math.max(tokens.most() * merge * merge, side * side);
    int padding = patches - whole.patches();
    if (!isLarge(size)) {
      return new Parts(1, patches, whole.tokens(), MARKS, Optional.empty(), padding);
    }
    int tiles = TiledCanvas.nearest(size, tile, LEAST_TILES, most);
    int each = (side / merge) * (side / merge);
    // One stands before each tile, and one before the whole image.
    int marks = MARKS + tiles + 1;
    return new Parts(
        tiles + 1,
        patches,
        Math.addExact(Math.multiplyExact(tiles, each), whole.tokens()),
        marks,
        Optional.empty(),
        Math.max(padding, patches - side * side));
  }

  private int unit() {
    return patch * merge;
  }

  /** {@code _is_image_too_large}. */
  private boolean isLarge(Size size) {
    double across = Math.max(0.5, Math.rint((double) size.width() / unit()));
    double down = Math.max(0.5, Math.rint((double) size.height() / unit()));
    return across * down > tokens.most() * TOLERANCE;
  }
}
