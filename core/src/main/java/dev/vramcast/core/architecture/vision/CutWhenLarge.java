package dev.vramcast.core.architecture.vision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
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
    int tiles = tiles(size);
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

  /** Of forms that are as near, more tiles are taken while the image fills half of them. */
  private int tiles(Size size) {
    double form = (double) size.width() / size.height();
    double area = (double) size.width() * size.height();
    double least = Double.POSITIVE_INFINITY;
    int best = 1;
    for (Size grid : grids()) {
      double off = Math.abs(form - (double) grid.width() / grid.height());
      int tiles = grid.width() * grid.height();
      if (off < least || (off == least && area > 0.5 * tile * tile * tiles)) {
        least = off;
        best = tiles;
      }
    }
    return best;
  }

  private List<Size> grids() {
    List<Size> grids = new ArrayList<>();
    for (int width = 1; width <= most; width++) {
      for (int height = 1; width * height <= most; height++) {
        if (width * height >= LEAST_TILES) {
          grids.add(new Size(width, height));
        }
      }
    }
    grids.sort(Comparator.comparingInt(grid -> grid.width() * grid.height()));
    return grids;
  }
}
