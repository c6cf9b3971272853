package dev.vramcast.cli.chart;

import static dev.vramcast.core.units.Multiples.GIB;
import static dev.vramcast.core.units.Multiples.gib;

import java.util.ArrayList;
import java.util.List;

/**
 * Bytes on an axis that begins at 0.
 *
 * @param top bytes at its end
 * @param pixels its length
 */
record Scale(long top, double pixels) {

  private static final double ROOM = 1.08;
  private static final double[] STEPS = {1, 2, 5, 10};
  private static final int MOST_TICKS = 8;

  /** A scale with some room above the largest value. */
  static Scale upTo(long largest, double pixels) {
    return new Scale(Math.max(1, Math.round(largest * ROOM)), pixels);
  }

  double at(long bytes) {
    return pixels * bytes / top;
  }

  double atGib(double gib) {
    return pixels * gib * GIB / top;
  }

  /** Round values in GiB, at most eight beside 0. */
  List<Double> ticks() {
    double whole = gib(top);
    double power = Math.pow(10, Math.floor(Math.log10(whole / MOST_TICKS)));
    double step = power;
    for (double factor : STEPS) {
      step = power * factor;
      if (whole / step <= MOST_TICKS) {
        break;
      }
    }
    List<Double> ticks = new ArrayList<>();
    for (int i = 0; i * step <= whole; i++) {
      ticks.add(i * step);
    }
    return ticks;
  }

  /** A tick's value as text, without needless zeros. */
  static String label(double gib) {
    return new java.math.BigDecimal(gib)
        .round(new java.math.MathContext(6))
        .stripTrailingZeros()
        .toPlainString();
  }
}
