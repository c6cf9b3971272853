package dev.vramcast.core.architecture.vision;

import java.util.List;
import java.util.Optional;

/**
 * A processor that lays an image over one of several canvases of tiles, takes away what shows
 * padding, ends rows with a vector, and puts the whole image before it (transformers llava_next and
 * llava_onevision, {@code pack_image_features}).
 *
 * @param canvases in pixels ({@code image_grid_pinpoints})
 * @param side of a tile in pixels
 * @param cells tokens along a tile's side
 * @param besides hidden states of a tile that stand for no cell
 * @param mostTiles a larger canvas is shrunk to so many; 0 for none ({@code anyres_max_9})
 * @param alone of several images in a sequence none is cut
 */
public record AnyResolution(
    List<Size> canvases, int side, int cells, int besides, int mostTiles, boolean alone)
    implements ImageGrid {

  public AnyResolution {
    canvases = List.copyOf(canvases);
  }

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    int tile = cells * cells;
    if (alone && count > 1) {
      Canvas none = new Canvas(0, 0, 0, 0);
      return Optional.of(new Parts(1, tile + besides, tile + 1, 0, Optional.of(none)));
    }
    return size.map(this::parts);
  }

  private Parts parts(Size size) {
    Size best = best(size);
    int across = best.width() / side;
    int down = best.height() / side;
    Canvas canvas = canvas(size, across * cells, down * cells);
    int tile = cells * cells;
    int tokens = tile + canvas.rows() * (canvas.columns() + 1);
    return new Parts(across * down + 1, tile + besides, tokens, 0, Optional.of(canvas));
  }

  /** {@code select_best_resolution}: the most pixels of the image, then the least waste. */
  private Size best(Size size) {
    long most = 0;
    long least = Long.MAX_VALUE;
    Size best = canvases.get(0);
    long pixels = (long) size.width() * size.height();
    for (Size each : canvases) {
      double scale =
          Math.min((double) each.width() / size.width(), (double) each.height() / size.height());
      long width = (long) (size.width() * scale);
      long height = (long) (size.height() * scale);
      long effective = Math.min(width * height, pixels);
      long wasted = (long) each.width() * each.height() - effective;
      if (effective > most || (effective == most && wasted < least)) {
        most = effective;
        least = wasted;
        best = each;
      }
    }
    return best;
  }

  /** {@code unpad_image}, then what is left of a canvas that is too large. */
  private Canvas canvas(Size size, int columns, int rows) {
    double form = (double) size.width() / size.height();
    int across = columns;
    int down = rows;
    if (form > (double) columns / rows) {
      down -= 2 * ((rows - shown(size.height(), (double) columns / size.width())) / 2);
    } else {
      across -= 2 * ((columns - shown(size.width(), (double) rows / size.height())) / 2);
    }
    int kept = across * down;
    double ratio = mostTiles == 0 ? 0 : Math.sqrt((double) kept / (mostTiles * cells * cells));
    boolean shrinks = ratio > 1.1;
    return new Canvas(
        columns * rows,
        kept,
        shrinks ? whole(down, ratio) : down,
        shrinks ? whole(across, ratio) : across);
  }

  /** Python's {@code //}, which does not round before it takes the whole part. */
  private static int whole(int length, double ratio) {
    return (int) Math.rint((length - length % ratio) / ratio);
  }

  /** Cells that a side takes: {@code int(round(side * scale, 7))}. */
  private static int shown(int side, double scale) {
    return (int) (Math.rint(side * scale * 1e7) / 1e7);
  }
}
