package dev.vramcast.core.market;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * A price in US dollars an hour, from a tenth of a cent to {@value #HIGHEST}: far below and far
 * above what any machine costs.
 *
 * @param amount dollars, without trailing zeros
 */
public record UsdPerHour(BigDecimal amount) implements Comparable<UsdPerHour> {

  /** Dollars an hour above which a figure is not believed to be a price. */
  public static final int HIGHEST = 100_000;

  /** Dollars an hour below which a figure is not believed to be a price. */
  public static final String LOWEST = "0.001";

  /** Digits behind the point that a list may have: a millionth of a cent. */
  public static final int MAX_DECIMALS = 8;

  private static final int SHARE_DECIMALS = 6;

  /**
   * @throws IllegalArgumentException when {@link #isPrice} says no
   */
  public UsdPerHour {
    if (!isPrice(amount)) {
      throw new IllegalArgumentException("not a price: " + amount);
    }
    amount = amount.stripTrailingZeros();
  }

  /** Whether a number can be a price: within the bounds, and not finer than money is. */
  public static boolean isPrice(BigDecimal number) {
    return number.scale() <= MAX_DECIMALS
        && number.compareTo(new BigDecimal(LOWEST)) >= 0
        && number.compareTo(BigDecimal.valueOf(HIGHEST)) <= 0;
  }

  /** As {@code 31.92}. */
  public static UsdPerHour of(String decimal) {
    return new UsdPerHour(new BigDecimal(decimal));
  }

  /** What one of {@code count} equal parts costs, to a ten-thousandth of a cent. */
  public UsdPerHour share(int count) {
    BigDecimal part =
        amount.divide(BigDecimal.valueOf(count), SHARE_DECIMALS, RoundingMode.HALF_UP);
    return new UsdPerHour(part);
  }

  /** What so many cost; empty where that is no price. */
  public Optional<UsdPerHour> together(int count) {
    BigDecimal all = amount.multiply(BigDecimal.valueOf(count));
    return isPrice(all) ? Optional.of(new UsdPerHour(all)) : Optional.empty();
  }

  @Override
  public int compareTo(UsdPerHour other) {
    return amount.compareTo(other.amount);
  }

  /** Dollars with as many decimals, e.g. {@code 3.29}. */
  public String text(int decimals) {
    return amount.setScale(decimals, RoundingMode.HALF_UP).toPlainString();
  }

  /** The exact figure. */
  @Override
  public String toString() {
    return amount.toPlainString();
  }
}
