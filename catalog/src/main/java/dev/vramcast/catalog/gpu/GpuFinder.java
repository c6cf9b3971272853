package dev.vramcast.catalog.gpu;

import dev.vramcast.core.input.InputException;

/** Tells which device a text means. */
public interface GpuFinder {

  /**
   * The device that a text names, with a count as in {@code A100-80GB:8} or {@code 8xH100}.
   *
   * @throws InputException when no device, or several with different memory, have that name
   */
  GpuMatch find(String text);
}
