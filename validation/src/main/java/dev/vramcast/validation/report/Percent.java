package dev.vramcast.validation.report;

import dev.vramcast.core.units.Multiples;
import java.util.Locale;
import java.util.OptionalDouble;

/** How fractions and bytes are written for people. */
final class Percent {

  private Percent() {}

  /** {@code 1.25 %}, or a dash when there is none. */
  static String of(OptionalDouble fraction) {
    return fraction.isPresent() ? of(fraction.getAsDouble()) : "–";
  }

  static String of(double fraction) {
    return String.format(Locale.ROOT, "%.2f %%", noMinusZero(fraction * 100));
  }

  /** With a sign, e.g. {@code +1.25 %}. */
  static String signed(OptionalDouble fraction) {
    return fraction.isPresent() ? signed(fraction.getAsDouble()) : "–";
  }

  static String signed(double fraction) {
    double percent = noMinusZero(fraction * 100);
    return percent == 0 ? of(0) : String.format(Locale.ROOT, "%+.2f %%", percent);
  }

  /** {@code 12.34}, in units of 2^30 bytes. */
  static String gib(long bytes) {
    return String.format(Locale.ROOT, "%.2f", Multiples.gib(bytes));
  }

  /** What would print as 0.00 is 0, without a sign. */
  private static double noMinusZero(double percent) {
    return Math.abs(percent) < 0.005 ? 0 : percent;
  }
}
