package dev.vramcast.core.data;

import java.util.function.IntToLongFunction;

/**
 * Finds the longest sequences that a limit allows, where longer ones need more. Memory is nearly a
 * straight line, so a guess by the line through both ends is close; every third guess is the
 * middle, which bounds their number whatever the line.
 */
public final class LongestFit {

  private static final int KINDS_OF_GUESSES = 3;

  private final long limit;
  private final IntToLongFunction bytes;
  private int low;
  private long lowBytes;
  private int high;
  private long highBytes;

  private LongestFit(int most, long limit, IntToLongFunction bytes) {
    this.limit = limit;
    this.bytes = bytes;
    this.low = 1;
    this.high = most;
    this.highBytes = bytes.applyAsLong(most);
  }

  /**
   * The longest length that needs no more than {@code limit}: exact up to 128 tokens, above it at
   * most 1 % too short. 0 when even a single token needs more.
   *
   * @param most tokens that are of interest; at least 1
   * @param bytes that sequences of so many tokens need
   */
  public static int search(int most, long limit, IntToLongFunction bytes) {
    return new LongestFit(most, limit, bytes).search();
  }

  private int search() {
    if (highBytes <= limit) {
      return high;
    }
    lowBytes = bytes.applyAsLong(low);
    if (lowBytes > limit) {
      return 0;
    }
    for (int iteration = 0; high - low > tolerance(); iteration++) {
      int guess = Math.max(low + 1, Math.min(high - 1, guess(iteration)));
      long needed = bytes.applyAsLong(guess);
      if (needed <= limit) {
        low = guess;
        lowBytes = needed;
      } else {
        high = guess;
        highBytes = needed;
      }
    }
    return low;
  }

  private int tolerance() {
    return Math.max(1, low >> 7);
  }

  /** A little short of the line's guess, a little beyond it, the middle, and so on. */
  private int guess(int iteration) {
    double share = (double) (limit - lowBytes) / (highBytes - lowBytes);
    int onLine = low + (int) (share * (high - low));
    int margin = Math.max(1, tolerance() / 2);
    return switch (iteration % KINDS_OF_GUESSES) {
      case 0 -> onLine - margin + 1;
      case 1 -> onLine + margin;
      default -> low + (high - low) / 2;
    };
  }
}
