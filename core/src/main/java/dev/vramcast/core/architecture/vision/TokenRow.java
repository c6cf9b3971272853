package dev.vramcast.core.architecture.vision;

import java.util.Optional;

/** A text in the place of an image: as many tokens as it is wide, which the encoder reads all. */
public record TokenRow() implements ImageGrid {

  @Override
  public Optional<Parts> of(int count, Optional<Size> size) {
    return size.map(each -> Parts.whole(each.width(), each.width(), 0));
  }
}
