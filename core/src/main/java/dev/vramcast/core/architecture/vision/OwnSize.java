package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/**
 * A processor that keeps an image's own size, the longer side within a bound, and fills sides up to
 * whole merged patches; a mark ends each row (transformers pixtral image processing, {@code
 * get_resize_output_image_size}).
 *
 * @param patch side of a patch in pixels
 * @param merge patches of a token in each direction
 * @param longest of the sides, in pixels
 */
public record OwnSize(int patch, int merge, int longest) implements ImageGrid {

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(this::parts);
  }

  private Parts parts(Size size) {
    double ratio = Math.max((double) size.height() / longest, (double) size.width() / longest);
    int across = units(size.width(), ratio);
    int down = units(size.height(), ratio);
    int tokens = Math.multiplyExact(across, down);
    return Parts.whole(Math.multiplyExact(tokens, merge * merge), tokens, down);
  }

  private int units(int side, double ratio) {
    int scaled = ratio > 1 ? (int) Math.floor(side / ratio) : side;
    return (scaled - 1) / (patch * merge) + 1;
  }
}
