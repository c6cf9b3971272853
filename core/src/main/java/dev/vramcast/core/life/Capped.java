package dev.vramcast.core.life;

/** Sums and products of sizes that end at the largest number: no machine has so much. */
final class Capped {

  private Capped() {}

  static long plus(long one, long other) {
    long sum = one + other;
    return sum < 0 ? Long.MAX_VALUE : sum;
  }

  static long times(long one, long other) {
    long high = Math.multiplyHigh(one, other);
    long low = one * other;
    return high != 0 || low < 0 ? Long.MAX_VALUE : low;
  }
}
