package dev.vramcast.core.units;

/** Whole numbers, rounded up. */
public final class Rounding {

  private Rounding() {}

  /** How many times the divisor is needed to hold a value; neither is negative. */
  public static long ceilDivide(long value, long divisor) {
    return (value + divisor - 1) / divisor;
  }

  /** The least power of two that is no less than a value. */
  public static long nextPowerOfTwo(long value) {
    return value <= 1 ? 1 : Long.highestOneBit(value - 1) << 1;
  }
}
