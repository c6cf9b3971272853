package dev.vramcast.core.calibration;

/** The figures of an estimate after a correction, in bytes. */
public record CorrectedMemory(
    long allocatedBytes, long reservedBytes, long deviceBytes, long neededBytes) {

  /**
   * Corrects the figures of a rank.
   *
   * @param read of the reserved bytes, those that readings of the driver show
   * @param neededBytes what the driver has to give at least
   * @param outsideBytes what of that is outside the allocator
   */
  public static CorrectedMemory of(
      Correction correction,
      long allocated,
      long reserved,
      long read,
      long neededBytes,
      long outsideBytes) {
    return new CorrectedMemory(
        correction.allocated(allocated),
        correction.reserved(allocated, reserved),
        correction.reserved(allocated, read) + correction.outside(outsideBytes),
        correction.needed(allocated, reserved, neededBytes - outsideBytes, outsideBytes));
  }
}
