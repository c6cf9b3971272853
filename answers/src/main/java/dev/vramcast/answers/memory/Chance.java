package dev.vramcast.answers.memory;

import dev.vramcast.core.range.Verdict;
import java.util.OptionalDouble;

/** How the chance that memory is enough is said. */
public final class Chance {

  private static final long MOST = 99;

  /** Between this and as much less than one nobody can say which is likelier. */
  private static final double LITTLE = 0.4;

  /** What is said of such a chance. */
  private static final String OPEN = "may or may not fit";

  /** A chance that nobody would rent a card on. */
  private static final double HARDLY = 0.1;

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
    return percent < 1 ? "<1 %" : Math.min(MOST, percent) + " %";
  }

  /**
   * The verdict in a few words, which tables, answers for programs and the page share: fits and
   * does not fit where that is certain, else {@link #likely}.
   *
   * @param enough whether the estimate is within the memory, which tells where no chance is known
   */
  public static String verdict(Verdict verdict, OptionalDouble chance, boolean enough) {
    return verdict == Verdict.TIGHT ? likely(chance, enough) : verdict.words();
  }

  /** How likely it is that a job fits for which memory is not certainly enough. */
  public static String likely(OptionalDouble chance, boolean enough) {
    double share = share(chance, enough);
    if (isOpen(chance, enough)) {
      return OPEN;
    }
    if (share >= 1 - LITTLE) {
      return "probably fits";
    }
    return chance.isPresent() && share <= HARDLY
        ? "very probably does not fit"
        : "probably does not fit";
  }

  /** Whether a chance is known that a job is likelier to fit than not. */
  public static boolean isProbable(OptionalDouble chance) {
    return chance.isPresent() && chance.getAsDouble() >= 1 - LITTLE;
  }

  /** Whether nobody can say which is likelier. */
  public static boolean isOpen(OptionalDouble chance, boolean enough) {
    double share = share(chance, enough);
    return share >= LITTLE && share < 1 - LITTLE;
  }

  /** The chance, or what the estimate alone says where none is known. */
  private static double share(OptionalDouble chance, boolean enough) {
    return chance.orElse(enough ? 1 : 0);
  }

  /** Before other words, e.g. {@code 97 %, }. */
  public static String words(OptionalDouble chance) {
    return chance.isEmpty() ? "" : text(chance) + ", ";
  }
}
