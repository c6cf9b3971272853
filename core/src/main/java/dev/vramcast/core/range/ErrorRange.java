package dev.vramcast.core.range;

/**
 * Between which multiples of the estimate the truth is expected. The estimate itself is always
 * inside.
 *
 * @param low at most 1
 * @param high at least 1
 */
public record ErrorRange(double low, double high) {

  /** The share of runs that a range is made to hold. */
  public static final double SHARE = 0.9;

  public ErrorRange {
    if (!(low >= 0 && low <= 1 && high >= 1)) {
      throw new IllegalArgumentException("no range about an estimate: " + low + " to " + high);
    }
  }

  /** The largest estimate whose whole range is within so many bytes. */
  public long largest(long usableBytes) {
    long bytes = (long) Math.floor(usableBytes / high);
    while (about(bytes).highBytes() > usableBytes) {
      bytes--;
    }
    while (about(bytes + 1).highBytes() <= usableBytes) {
      bytes++;
    }
    return bytes;
  }

  /** The range of the truth when {@code bytes} are estimated. */
  public ByteRange about(long bytes) {
    return new ByteRange((long) Math.floor(low * bytes), (long) Math.ceil(high * bytes));
  }
}
