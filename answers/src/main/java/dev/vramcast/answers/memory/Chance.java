package dev.vramcast.answers.memory;

import dev.vramcast.core.range.Verdict;
import java.util.OptionalDouble;

/** How the chance that memory is enough is said. */
public final class Chance {

  private static final long MOST = 99;
  private static final double EVEN = 0.5;

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

  /**
   * The verdict in words, where one that is not certain is called by what is likelier.
   *
   * @param enough whether the estimate is within the memory, which tells where no chance is known
   */
  public static String verdict(Verdict verdict, OptionalDouble chance, boolean enough) {
    return verdict == Verdict.TIGHT && !isLikely(chance, enough)
        ? "probably " + Verdict.DOES_NOT_FIT.words()
        : verdict.words();
  }

  /** Whether memory is rather enough than not. */
  public static boolean isLikely(OptionalDouble chance, boolean enough) {
    return chance.isPresent() ? chance.getAsDouble() >= EVEN : enough;
  }

  /** Before other words, e.g. {@code 97 %, }. */
  public static String words(OptionalDouble chance) {
    return chance.isEmpty() ? "" : text(chance) + ", ";
  }
}
