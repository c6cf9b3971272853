package dev.vramcast.answers.memory;

import java.util.OptionalDouble;

/** How the chance that memory is enough is said. */
public final class Chance {

  private static final long MOST = 99;

  private Chance() {}

  /**
   * In whole percent, e.g. {@code 97 %}; never none or all, since runs to come are not those that
   * were seen. Empty where it is not known.
   */
  public static String text(OptionalDouble chance) {
    if (chance.isEmpty()) {
      return "";
    }
    long percent = Math.round(chance.getAsDouble() * 100);
    return Math.min(MOST, Math.max(1, percent)) + " %";
  }

  /** Before other words, e.g. {@code 97 %, }. */
  public static String words(OptionalDouble chance) {
    return chance.isEmpty() ? "" : text(chance) + ", ";
  }
}
