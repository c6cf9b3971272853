package dev.vramcast.core.job;

import dev.vramcast.core.architecture.vision.ImageGrid;
import java.util.Optional;

/**
 * Images of a sequence.
 *
 * @param count in every sequence
 * @param size of each; empty where the processor's own is meant
 */
public record Images(int count, Optional<ImageGrid.Size> size) {

  /** Text alone. */
  public static final Images NONE = new Images(0, Optional.empty());
}
