package dev.vramcast.core.architecture.vision;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A processor that cuts an image into the fewest tiles that are not much smaller than what they
 * show, and adds it once whole where these are several (transformers ovis2 image processing, {@code
 * get_min_tile_covering_grid}).
 *
 * @param side of a tile in pixels
 * @param most tiles of an image
 * @param patches hidden states of a tile
 * @param tokens of a tile
 */
public record CoveredTiles(int side, int most, int patches, int tokens) implements ImageGrid {

  /** {@code covering_threshold}. */
  private static final double ENOUGH = 0.9;

  /** How a canvas covers an image: the share of its area, by tiles that shrink it. */
  private record Covered(Size canvas, double share) {

    int tiles() {
      return canvas.width() * canvas.height();
    }
  }

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(each -> parts(chosen(each)));
  }

  /** {@code <IMG_START>}, {@code <IMG_GRID>}, {@code <IMG_END>}, and one between two tiles. */
  private Parts parts(int cut) {
    int tiles = cut > 1 ? cut + 1 : 1;
    return new Parts(tiles, patches, Math.multiplyExact(tiles, tokens), 2 + cut, Optional.empty());
  }

  private int chosen(Size size) {
    Comparator<Covered> few =
        Comparator.comparingInt(Covered::tiles)
            .thenComparing(Comparator.comparingDouble(Covered::share).reversed());
    Comparator<Covered> much =
        Comparator.comparingDouble(Covered::share).reversed().thenComparingInt(Covered::tiles);
    List<Covered> all =
        TiledCanvas.grids(1, most).stream()
            .map(canvas -> new Covered(canvas, share(size, canvas)))
            .toList();
    return all.stream()
        .filter(each -> each.share() > ENOUGH)
        .min(few)
        .orElseGet(() -> all.stream().min(much).orElseThrow())
        .tiles();
  }

  /** The last row and column take what whole tiles leave; {@code canvas} is rows by columns. */
  private double share(Size size, Size canvas) {
    int high = size.height() / canvas.width();
    int wide = size.width() / canvas.height();
    double covered = 0;
    for (int row = 0; row < canvas.width(); row++) {
      int height = row == canvas.width() - 1 ? size.height() - row * high : high;
      for (int column = 0; column < canvas.height(); column++) {
        int width = column == canvas.height() - 1 ? size.width() - column * wide : wide;
        covered += covered(width, height);
      }
    }
    return covered / ((double) size.width() * size.height());
  }

  /** The longer side is shrunk to a tile's, and the other one with it. */
  private double covered(int width, int height) {
    double longer = Math.max(width, height);
    double shorter = Math.min(width, height);
    return longer > side ? shorter / longer * side * side : longer * shorter;
  }
}
