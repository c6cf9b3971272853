package dev.vramcast.core.cost;

import dev.vramcast.core.market.UsdPerHour;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.Duration;

/**
 * An amount of US dollars.
 *
 * @param amount dollars, not negative, to 34 digits
 */
public record Usd(BigDecimal amount) implements Comparable<Usd> {

  private static final BigDecimal NANOS_AN_HOUR = BigDecimal.valueOf(3_600_000_000_000L);
  private static final int NANO_DECIMALS = 9;
  private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);

  /**
   * @throws IllegalArgumentException when the amount is negative
   */
  public Usd {
    if (amount.signum() < 0) {
      throw new IllegalArgumentException("negative amount: " + amount);
    }
  }

  /**
   * Price times time. An hour of nanoseconds does not divide every product, so what is left is
   * rounded at the 34th digit.
   *
   * @param time not negative
   */
  public static Usd of(UsdPerHour price, Duration time) {
    BigDecimal nanos =
        BigDecimal.valueOf(time.getSeconds())
            .scaleByPowerOfTen(NANO_DECIMALS)
            .add(BigDecimal.valueOf(time.getNano()));
    return new Usd(price.amount().multiply(nanos).divide(NANOS_AN_HOUR, MathContext.DECIMAL128));
  }

  /**
   * The share of a million tokens.
   *
   * @param tokens that the amount pays for
   * @throws IllegalArgumentException unless tokens are a positive number
   */
  public Usd perMillion(double tokens) {
    if (!(tokens > 0) || Double.isInfinite(tokens)) {
      throw new IllegalArgumentException("tokens " + tokens);
    }
    BigDecimal millions = new BigDecimal(tokens).divide(MILLION, MathContext.DECIMAL128);
    return new Usd(amount.divide(millions, MathContext.DECIMAL128));
  }

  /** Both together. */
  public Usd plus(Usd other) {
    return new Usd(amount.add(other.amount, MathContext.DECIMAL128));
  }

  @Override
  public int compareTo(Usd other) {
    return amount.compareTo(other.amount);
  }

  /** Dollars with as many decimals, e.g. {@code 20.10}. */
  public String text(int decimals) {
    return rounded(decimals).toPlainString();
  }

  /** The least amount with as many decimals that is not below this one. */
  public Usd upTo(int decimals) {
    return new Usd(amount.setScale(decimals, RoundingMode.CEILING));
  }

  /** The amount with as many decimals. */
  public BigDecimal rounded(int decimals) {
    return amount.setScale(decimals, RoundingMode.HALF_UP);
  }
}
