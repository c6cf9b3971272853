package dev.vramcast.core.hardware;

/**
 * Device memory.
 *
 * @param mebibytes total as the driver reports it, before any context is created
 * @param reported false when no driver's output was found and the figure is inferred from the
 *     marketed size or a sister card
 * @param marketedGigabytes the number on the box
 */
public record MemorySize(long mebibytes, boolean reported, int marketedGigabytes) {

  /** Total in bytes. */
  public long bytes() {
    return Math.multiplyExact(mebibytes, 1L << 20);
  }
}
