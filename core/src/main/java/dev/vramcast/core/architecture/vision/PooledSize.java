package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/**
 * A processor that brings an image to the largest size of its own form within a number of patches,
 * and fills what is left of these with padding (transformers gemma4 image processing, {@code
 * get_aspect_ratio_preserving_size}).
 *
 * @param patch side of a patch in pixels
 * @param pool patches of a token in each direction
 * @param most tokens of an image
 */
public record PooledSize(int patch, int pool, int most) implements ImageGrid {

  /** {@code <|image>} and {@code <image|>}. */
  private static final int MARKS = 2;

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(this::parts);
  }

  private Parts parts(Size size) {
    int square = pool * pool;
    int patches = Math.multiplyExact(most, square);
    double grow =
        Math.sqrt((double) patches * patch * patch / ((double) size.width() * size.height()));
    int unit = patch * pool;
    int across = (int) Math.floor(grow * size.width() / unit);
    int down = (int) Math.floor(grow * size.height() / unit);
    if (down == 0) {
      down = 1;
      across = Math.min(size.width() / size.height(), most);
    } else if (across == 0) {
      across = 1;
      down = Math.min(size.height() / size.width(), most);
    }
    int tokens = Math.multiplyExact(across, down);
    return new Parts(1, patches, tokens, MARKS, Optional.empty(), patches - tokens * square);
  }
}
