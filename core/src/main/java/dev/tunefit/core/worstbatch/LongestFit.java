package dev.tunefit.core.worstbatch;

import java.util.function.IntPredicate;

/** Finds the longest sequences that fit, where longer ones need more. */
public final class LongestFit {

  private LongestFit() {}

  /**
   * The longest length that fits, found by halving: exact up to 128 tokens, above it at most 1 %
   * too short. 0 when not even a single token fits.
   *
   * @param most tokens that are of interest; at least 1
   * @param fits whether sequences of so many tokens fit; asked 28 times at most
   */
  public static int search(int most, IntPredicate fits) {
    if (fits.test(most)) {
      return most;
    }
    int low = 0;
    int high = most;
    while (high - low > Math.max(1, low >> 7)) {
      int middle = low + (high - low) / 2;
      if (fits.test(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
