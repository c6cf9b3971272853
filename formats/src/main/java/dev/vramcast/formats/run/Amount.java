package dev.vramcast.formats.run;

import dev.vramcast.core.calibration.MeasuredBytes;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Numbers in logs, each checked: finite, not negative, of a size that a GPU can have. */
final class Amount {

  /** The most that is taken for the memory of one GPU: a PiB. */
  static final long MOST_BYTES = 1L << 50;

  private static final double MOST_PER_SECOND = 1e12;
  private static final Pattern DECIMAL =
      Pattern.compile("\\d{1,18}(\\.\\d{0,18})?([eE][+-]?\\d{1,3})?");

  private Amount() {}

  /**
   * Bytes behind a text such as {@code 21.34}, with what its last digit leaves open.
   *
   * @param about begins what is said when it is none
   * @param unit bytes of one
   */
  static MeasuredBytes bytes(String text, long unit, InputError about, String source) {
    BigDecimal number = decimal(text, about);
    BigDecimal bytes = number.multiply(BigDecimal.valueOf(unit));
    if (bytes.signum() <= 0 || bytes.compareTo(BigDecimal.valueOf(MOST_BYTES)) > 0) {
      throw wrong(text, about, "more than 0 bytes and up to 2^50");
    }
    BigDecimal last = BigDecimal.ONE.movePointLeft(Math.min(18, Math.max(0, number.scale())));
    long rounding = last.multiply(BigDecimal.valueOf(unit / 2)).longValue();
    return new MeasuredBytes(
        bytes.setScale(0, RoundingMode.HALF_UP).longValueExact(), rounding, source);
  }

  /** A count for each second, above 0. */
  static double perSecond(String text, InputError about) {
    double value = decimal(text, about).doubleValue();
    if (!(value > 0 && value <= MOST_PER_SECOND)) {
      throw wrong(text, about, "more than 0 and up to 10^12");
    }
    return value;
  }

  private static BigDecimal decimal(String text, InputError about) {
    if (!DECIMAL.matcher(text).matches()) {
      throw wrong(text, about, "a plain number that is not negative");
    }
    return new BigDecimal(text);
  }

  private static InputException wrong(String text, InputError about, String allowed) {
    return about.is(text).allowed(allowed).refusal();
  }
}
