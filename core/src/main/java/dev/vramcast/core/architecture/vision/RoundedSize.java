package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.units.Rounding;
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
    Size units = units(size);
    int tokens = Math.multiplyExact(units.width(), units.height());
    return Parts.whole(Math.multiplyExact(tokens, merge * merge), tokens, MARKS);
  }

  /** Merged patches of an image across and down. */
  private Size units(Size size) {
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
    return new Size(Math.toIntExact(across), Math.toIntExact(down));
  }

  /**
   * As {@link RoundedSize}, with a token more behind each row and two around all, which the tower
   * makes (transformers HunYuanVLProcessor.replace_image_token).
   *
   * @param inside without those tokens
   */
  public record Rowed(RoundedSize inside) implements ImageGrid {

    /** Tokens around all. */
    private static final int AROUND = 2;

    @Override
    public Optional<Parts> of(int count, Optional<Size> size) {
      return size.map(this::parts);
    }

    private Parts parts(Size size) {
      Size units = inside.units(size);
      int squares = Math.multiplyExact(units.width(), units.height());
      int patches = Math.multiplyExact(squares, inside.merge() * inside.merge());
      return Parts.whole(patches, squares + units.height() + AROUND, MARKS);
    }
  }

  /**
   * A processor that shrinks what has too many patches and fills sides up to whole merged ones
   * (transformers kimi_k25 image processing, {@code navit_resize}).
   *
   * @param patch side of a patch in pixels
   * @param merge patches of a token in each direction
   * @param most patches of an image
   * @param longest patches of a side
   * @param marks tokens of text that stand around an image
   */
  public record Shrunk(int patch, int merge, long most, int longest, int marks)
      implements ImageGrid {

    @Override
    public Optional<Parts> of(int count, Optional<Size> size) {
      return size.map(this::parts);
    }

    private Parts parts(Size size) {
      double whole =
          (double) Math.max(1, size.height() / patch) * Math.max(1, size.width() / patch);
      double limit = (double) longest * patch;
      double scale = Math.min(1, Math.sqrt(most / whole));
      scale = Math.min(scale, Math.min(limit / size.height(), limit / size.width()));
      int tokens = Math.multiplyExact(units(size.width(), scale), units(size.height(), scale));
      return Parts.whole(Math.multiplyExact(tokens, merge * merge), tokens, marks);
    }

    private int units(int side, double scale) {
      int shrunk = Math.min(Math.max(1, (int) (side * scale)), longest * patch);
      return Math.toIntExact(Rounding.ceilDivide(shrunk, (long) patch * merge));
    }
  }
}
