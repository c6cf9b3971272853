package dev.vramcast.core.time;

/**
 * Between which speeds nine of ten runs are expected.
 *
 * @param low tokens a second, of all GPUs
 * @param high tokens a second, of all GPUs
 * @param kind of runs that the range comes from
 * @param runs how many; 0 when the range is a judgement
 */
public record SpeedRange(double low, double high, String kind, int runs) {

  /** The share of runs that a range is made to hold. */
  public static final double SHARE = 0.9;
}
