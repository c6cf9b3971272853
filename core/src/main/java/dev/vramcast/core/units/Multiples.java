package dev.vramcast.core.units;

/** Multiples of bytes, bits, operations and seconds, by their prefixes. */
public final class Multiples {

  /** 2^20 bytes. */
  public static final long MIB = 1L << 20;

  /** 2^30 bytes. */
  public static final long GIB = 1L << 30;

  /** A thousandth. */
  public static final double MILLI = 1e-3;

  /** A millionth. */
  public static final double MICRO = 1e-6;

  /** 10^9, as in GB, GB/s and Gbit/s. */
  public static final double GIGA = 1e9;

  /** 10^12, as in TFLOP/s. */
  public static final double TERA = 1e12;

  private Multiples() {}

  /** So many bytes in GiB. */
  public static double gib(double bytes) {
    return bytes / GIB;
  }
}
