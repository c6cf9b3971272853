package dev.vramcast.sweep.run;

import java.io.IOException;

/** A part is given up because another one failed, which says why. */
final class PartCancelledException extends IOException {

  private static final long serialVersionUID = 1L;

  PartCancelledException() {
    super("another part failed");
  }
}
