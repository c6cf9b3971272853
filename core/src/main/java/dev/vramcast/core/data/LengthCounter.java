package dev.vramcast.core.data;

import java.util.Objects;
import java.util.TreeMap;

/**
 * Counts lengths one by one in memory that does not grow with their number. Lengths are kept to 12
 * significant bits, rounded up: exact up to 4096 tokens, above it at most 0.05 % too long. The
 * longest is exact.
 */
public final class LengthCounter {

  private static final int SIGNIFICANT_BITS = 12;

  private final TreeMap<Integer, Long> examples = new TreeMap<>();
  private int longest;
  private double sum;

  /** Counts an example; one longer than {@link LengthDistribution#LONGEST} counts as that long. */
  public void add(long tokens) {
    int length = (int) Math.min(tokens, LengthDistribution.LONGEST);
    examples.merge(rounded(length), 1L, Long::sum);
    longest = Math.max(longest, length);
    sum += length;
  }

  /** Tokens of all examples. */
  public double tokens() {
    return sum;
  }

  /** What was counted; at least one example. */
  public CountedLengths lengths() {
    TreeMap<Integer, Long> exact = new TreeMap<>(examples);
    long last = Objects.requireNonNull(exact.pollLastEntry()).getValue();
    exact.merge(longest, last, Long::sum);
    return CountedLengths.of(exact);
  }

  private static int rounded(int length) {
    int dropped = Math.max(0, 32 - Integer.numberOfLeadingZeros(length) - SIGNIFICANT_BITS);
    int step = 1 << dropped;
    return (length + step - 1) / step * step;
  }
}
