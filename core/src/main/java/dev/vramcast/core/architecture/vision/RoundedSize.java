package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/**
 * A processor that keeps an image's own size and rounds its sides to whole merged patches, within
 * bounds on its pixels (transformers qwen2_vl image processing, {@code smart_resize}).
 *
 * @param patch side of a patch in pixels
 * @param merge patches of a token in each direction
 */
public record RoundedSize(int patch, int merge, long leastPixels, long mostPixels)
    implements ImageGrid {

  /** {@code <|vision_start|>} and {@code <|vision_end|>}. */
  private static final int MARKS = 2;

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(this::parts);
  }

  private Parts parts(Size size) {
    int unit = patch * merge;
    double pixels = (double) size.width() * size.height();
    long across = Math.max(1, (long) Math.rint((double) size.width() / unit));
    long down = Math.max(1, (long) Math.rint((double) size.height() / unit));
    long rounded = across * down * unit * unit;
    if (rounded > mostPixels) {
      double shrink = Math.sqrt(pixels / mostPixels);
      across = Math.max(1, (long) (size.width() / shrink / unit));
      down = Math.max(1, (long) (size.height() / shrink / unit));
    } else if (rounded < leastPixels) {
      double grow = Math.sqrt(leastPixels / pixels);
      across = (long) Math.ceil(size.width() * grow / unit);
      down = (long) Math.ceil(size.height() * grow / unit);
    }
    int tokens = Math.toIntExact(across * down);
    return Parts.whole(Math.multiplyExact(tokens, merge * merge), tokens, MARKS);
  }
}
