package dev.vramcast.core.architecture.vision;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A processor that lays an image over as many tiles as come nearest to its form, and adds it once
 * whole where these are several (transformers got_ocr2 image processing, {@code
 * get_optimal_tiled_canvas}, which InternVL uses).
 *
 * @param side of a tile in pixels
 * @param most tiles of an image
 * @param patches hidden states of a tile
 * @param tokens of a tile
 * @param marksTiles a mark stands before each tile (AyaVisionProcessor)
 */
public record TiledCanvas(int side, int most, int patches, int tokens, boolean marksTiles)
    implements ImageGrid {

  /** {@code <img>} and {@code </img>}. */
  private static final int MARKS = 2;

  /** One with marks around the whole image alone. */
  public TiledCanvas(int side, int most, int patches, int tokens) {
    this(side, most, patches, tokens, false);
  }

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(
        each -> {
          int canvas = nearest(each, side, 1, most);
          int tiles = canvas > 1 ? canvas + 1 : 1;
          int marks = MARKS + (marksTiles ? tiles : 0);
          return new Parts(
              tiles, patches, Math.multiplyExact(tiles, tokens), marks, Optional.empty());
        });
  }

  /**
   * Tiles of the canvas whose form is nearest to an image's. Of forms that are as near, more tiles
   * are taken while the image fills half of them.
   *
   * @param side of a tile in pixels
   * @param fewest tiles of a canvas
   * @param most tiles of a canvas
   */
  static int nearest(Size size, int side, int fewest, int most) {
    double form = (double) size.width() / size.height();
    double area = (double) size.width() * size.height();
    double least = Double.POSITIVE_INFINITY;
    int best = 1;
    for (Size grid : grids(fewest, most)) {
      double off = Math.abs(form - (double) grid.width() / grid.height());
      int tiles = grid.width() * grid.height();
      if (off < least || (off == least && area > 0.5 * side * side * tiles)) {
        least = off;
        best = tiles;
      }
    }
    return best;
  }

  /** Canvases of so many tiles, those of few first. */
  static List<Size> grids(int fewest, int most) {
    List<Size> grids = new ArrayList<>();
    for (int width = 1; width <= most; width++) {
      for (int height = 1; width * height <= most; height++) {
        if (width * height >= fewest) {
          grids.add(new Size(width, height));
        }
      }
    }
    grids.sort(Comparator.comparingInt(grid -> grid.width() * grid.height()));
    return grids;
  }
}
