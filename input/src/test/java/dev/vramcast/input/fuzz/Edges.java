package dev.vramcast.input.fuzz;

import java.util.Arrays;

/** What {@link EdgeLoader} puts into classes. Of one thread. */
public final class Edges {

  static final int SIZE = 1 << 16;

  private static final byte[] SEEN = new byte[SIZE];
  private static final int[] PASSED = new int[SIZE];
  private static int passed;
  private static long steps;
  private static long most = Long.MAX_VALUE;

  private Edges() {}

  /** More was done for an input than its length explains. */
  static final class TooMuch extends Error {
    private static final long serialVersionUID = 1L;

    TooMuch(long steps) {
      super(steps + " steps");
    }
  }

  static void reset(long limit) {
    for (int i = 0; i < passed; i++) {
      SEEN[PASSED[i]] = 0;
    }
    passed = 0;
    steps = 0;
    most = limit;
  }

  /** The places that were passed. */
  static int[] places() {
    return Arrays.copyOf(PASSED, passed);
  }

  /** How often one was passed; more than {@link Byte#MAX_VALUE} times is as often. */
  static int times(int place) {
    return SEEN[place];
  }

  /** A place of the code is passed. */
  public static void pass(int place) {
    if (++steps > most) {
      most = Long.MAX_VALUE;
      throw new TooMuch(steps);
    }
    if (SEEN[place] == 0) {
      PASSED[passed++] = place;
    }
    if (SEEN[place] < Byte.MAX_VALUE) {
      SEEN[place]++;
    }
  }
}
