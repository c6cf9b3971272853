package dev.vramcast.answers.text;

import dev.vramcast.core.cost.Usd;
import java.math.BigDecimal;

/** How amounts are written for people; in tables without the sign of the dollar. */
public final class Money {

  private static final BigDecimal MUCH = BigDecimal.valueOf(1000);
  private static final BigDecimal CENT = new BigDecimal("0.01");
  private static final BigDecimal LEAST = new BigDecimal("0.0001");

  private Money() {}

  /** To a cent, and to a dollar where a thousand are reached, e.g. {@code 2.76}, {@code 1,785}. */
  public static String text(Usd usd) {
    if (usd.amount().compareTo(MUCH) >= 0) {
      return Gib.grouped(usd.rounded(0).longValue());
    }
    boolean tiny = usd.amount().signum() > 0 && usd.amount().compareTo(CENT) < 0;
    return tiny ? "<0.01" : usd.text(2);
  }

  /** The same with its sign, e.g. {@code $2.76}, {@code <$0.01}. */
  public static String dollars(Usd usd) {
    return signed(text(usd));
  }

  /** As {@link #exact}, with its sign. */
  public static String exactDollars(Usd usd) {
    return signed(exact(usd));
  }

  private static String signed(String amount) {
    return amount.startsWith("<") ? "<$" + amount.substring(1) : "$" + amount;
  }

  /** To three digits below a dollar and more, e.g. {@code 0.0541}, {@code 12.30}. */
  public static String exact(Usd usd) {
    if (usd.amount().compareTo(BigDecimal.ONE) >= 0) {
      return text(usd);
    }
    return usd.amount().compareTo(LEAST) < 0 ? "<0.0001" : usd.text(4);
  }
}
