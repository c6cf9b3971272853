package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/**
 * A processor that cuts an image into tiles of the smallest canvas on which it fits without loss,
 * or of the largest, and adds it once whole where these are several (transformers llama4 image
 * processing, {@code get_best_fit}; cohere2_vision, {@code get_optimal_tiled_canvas}).
 *
 * @param side of a tile in pixels
 * @param most tiles of an image
 * @param patches hidden states of a tile
 * @param tokens of a tile
 * @param breaksTiles a mark stands behind each tile, and none for rows
 */
public record CutCanvas(int side, int most, int patches, int tokens, boolean breaksTiles)
    implements ImageGrid {

  /** One with marks between the tiles of a row and behind it. */
  public CutCanvas(int side, int most, int patches, int tokens) {
    this(side, most, patches, tokens, false);
  }

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(each -> parts(best(each)));
  }

  private Parts parts(Size canvas) {
    int cut = canvas.width() * canvas.height();
    int tiles = cut > 1 ? cut + 1 : 1;
    return new Parts(
        tiles,
        patches,
        Math.multiplyExact(tiles, tokens),
        breaksTiles ? 2 + tiles : marks(canvas),
        Optional.empty());
  }

  /**
   * Its begin, its end and the whole image's mark; one between the tiles of a row and one behind it
   * (processing_llama4.py {@code _prompt_split_image}).
   */
  private static int marks(Size canvas) {
    int cut = canvas.width() * canvas.height();
    return cut > 1 ? cut + 3 : 3;
  }

  /** Of canvases that scale an image alike, the smallest; scales are fp32. */
  private Size best(Size size) {
    Size best = new Size(1, 1);
    float chosen = scale(size, best);
    for (int across = 1; across <= most; across++) {
      for (int down = 1; across * down <= most; down++) {
        Size canvas = new Size(across, down);
        float scale = scale(size, canvas);
        boolean smaller = across * down < best.width() * best.height();
        if (isBetter(scale, chosen) || (scale == chosen && smaller)) {
          best = canvas;
          chosen = scale;
        }
      }
    }
    return best;
  }

  private static boolean isBetter(float scale, float than) {
    return than < 1 ? scale > than : scale >= 1 && scale < than;
  }

  private float scale(Size size, Size canvas) {
    float across = (float) (canvas.width() * side) / size.width();
    float down = (float) (canvas.height() * side) / size.height();
    return Math.min(across, down);
  }
}
