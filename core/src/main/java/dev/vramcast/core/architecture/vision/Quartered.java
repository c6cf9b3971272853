package dev.vramcast.core.architecture.vision;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * A processor that adds an image once whole behind its quarters, keeps the sides of each within
 * bounds, and fills all up to the largest of them; patches with padding are hidden (transformers
 * idefics2 image processing, {@code split_images} and {@code get_resize_output_image_size}).
 *
 * @param patch side of a patch in pixels
 * @param least pixels of a side
 * @param most pixels of the longer side
 * @param tokens of a quarter, and of the whole
 */
public record Quartered(int patch, int least, int most, int tokens) implements ImageGrid {

  private static final int TILES = 5;

  /**
   * One around and between them (processing_idefics2.py, which leaves no two beside each other).
   */
  private static final int MARKS = TILES + 1;

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(this::parts);
  }

  private Parts parts(Size size) {
    Size half = new Size(size.width() / 2, size.height() / 2);
    Size rest = new Size(size.width() - half.width(), size.height() - half.height());
    Size[] all =
        Stream.of(
                half,
                new Size(rest.width(), half.height()),
                new Size(half.width(), rest.height()),
                rest,
                size)
            .map(this::within)
            .toArray(Size[]::new);
    int width = 0;
    int height = 0;
    int fewest = Integer.MAX_VALUE;
    for (Size each : all) {
      width = Math.max(width, each.width());
      height = Math.max(height, each.height());
      fewest = Math.min(fewest, patches(each.width(), each.height()));
    }
    int patches = patches(width, height);
    return new Parts(
        TILES,
        patches,
        TILES * tokens,
        MARKS,
        Optional.empty(),
        patches - fewest,
        width * height - patches * patch * patch);
  }

  private int patches(int width, int height) {
    return (width / patch) * (height / patch);
  }

  private Size within(Size size) {
    double form = (double) size.width() / size.height();
    int width = size.width();
    int height = size.height();
    if (width >= height && width > most) {
      width = most;
      height = (int) (most / form);
    } else if (height > width && height > most) {
      height = most;
      width = (int) (most * form);
    }
    return new Size(Math.max(width, least), Math.max(height, least));
  }
}
