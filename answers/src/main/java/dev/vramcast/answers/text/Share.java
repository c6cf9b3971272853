package dev.vramcast.answers.text;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Shares and how often something comes, as text. */
public final class Share {

  private static final int MOST_DECIMALS = 6;
  private static final MathContext TWO_DIGITS = new MathContext(2, RoundingMode.HALF_UP);

  private Share() {}

  /** In percent, e.g. {@code 99.2 %}; only all is 100 %, and only none is 0 %. */
  public static String percent(double share) {
    if (share <= 0 || share >= 1) {
      return share <= 0 ? "0 %" : "100 %";
    }
    for (int decimals = 1; decimals <= MOST_DECIMALS; decimals++) {
      String text = Gib.rounded(100 * share, decimals);
      double shown = Double.parseDouble(text);
      if (shown > 0 && shown < 100) {
        return text + " %";
      }
    }
    return share < 0.5 ? "<0.000001 %" : ">99.999999 %";
  }

  /** A count of which only the size matters, e.g. {@code 31} or {@code 1200}. */
  public static String about(double count) {
    return new BigDecimal(count).round(TWO_DIGITS).stripTrailingZeros().toPlainString();
  }
}
