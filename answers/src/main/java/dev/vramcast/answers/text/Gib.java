package dev.vramcast.answers.text;

import static dev.vramcast.core.units.Multiples.GIGA;
import static dev.vramcast.core.units.Multiples.MIB;
import static dev.vramcast.core.units.Multiples.gib;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Bytes as text: GiB is 2^30 bytes, MiB is 2^20, GB is 10^9. */
public final class Gib {

  private static final double SMALLEST = 0.01;

  private Gib() {}

  public static double of(long bytes) {
    return gib(bytes);
  }

  /** With the unit, e.g. {@code 9.25 GiB}; what would read 0.00 GiB is told in MiB. */
  public static String text(long bytes) {
    double size = Math.abs(of(bytes));
    if (bytes == 0 || size >= SMALLEST) {
      return rounded(of(bytes), 2) + " GiB";
    }
    double mebibytes = bytes / (double) MIB;
    return Math.abs(mebibytes) < 0.05 ? "<0.1 MiB" : rounded(mebibytes, 1) + " MiB";
  }

  /** For the size of a card, e.g. {@code 24.0 GiB}. */
  public static String card(long bytes) {
    return rounded(of(bytes), 1) + " GiB";
  }

  /** In units of 10^9 bytes, e.g. {@code 19.2}. */
  public static String gigabytes(long bytes) {
    return rounded(bytes / GIGA, 1);
  }

  /** With a comma between thousands, e.g. {@code 12,345}. */
  public static String grouped(long number) {
    StringBuilder digits = new StringBuilder(Long.toString(number));
    int first = number < 0 ? 1 : 0;
    for (int at = digits.length() - 3; at > first; at -= 3) {
      digits.insert(at, ',');
    }
    return digits.toString();
  }

  /** Not {@code String.format}, which would take a fifth of the program's start. */
  public static String rounded(double value, int decimals) {
    return rounded(value, decimals, RoundingMode.HALF_UP);
  }

  static String rounded(double value, int decimals, RoundingMode rounding) {
    return BigDecimal.valueOf(value).setScale(decimals, rounding).toPlainString();
  }
}
