package dev.vramcast.answers.first;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.Drawback;
import dev.vramcast.core.fit.FitCheck;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The one thing that would help most, of all changes that save memory. */
public final class BestChange {

  /** More chance that makes a change worth its drawback. */
  private static final double WORTH_IT = 0.05;

  private BestChange() {}

  /**
   * One sentence: the mildest change that makes the job fit, or several where each is milder than
   * that; before other cards, what makes it fit by the estimate; else what saves most.
   */
  public static String of(Advice advice) {
    Optional<Advice.Step> alone =
        advice.alone().stream().filter(step -> step.after().fits()).findFirst();
    List<Advice.Step> together = advice.together();
    boolean fit = !together.isEmpty() && together.get(together.size() - 1).after().fits();
    boolean mild = fit && together.stream().noneMatch(BestChange::isRented);
    if (mild && alone.map(step -> areMilder(together, step)).orElse(true)) {
      return (alone.isPresent() ? "together: " : "only together: ") + names(together);
    }
    Optional<Advice.Step> best =
        alone.filter(step -> !isRented(step)).or(() -> probable(advice)).or(() -> alone);
    if (best.isPresent()) {
      return sentence(best.get());
    }
    if (fit) {
      return "only together: " + names(together);
    }
    return together.isEmpty()
        ? "nothing that is known: no change of this job saves memory."
        : "nothing makes it fit; what saves most is "
            + most(advice).change().name()
            + ", which needs "
            + Gib.text(most(advice).after().deviceBytes())
            + ".";
  }

  private static boolean isRented(Advice.Step step) {
    return step.change().drawback() == Drawback.MONEY;
  }

  private static boolean areMilder(List<Advice.Step> together, Advice.Step alone) {
    return together.stream()
        .allMatch(step -> step.change().drawback().compareTo(alone.change().drawback()) < 0);
  }

  /**
   * Of the changes on the same cards, the mildest after which the estimate is below their memory;
   * where it is already, the one with the best chance. No range is so wide that another card helps
   * more than it would elsewhere.
   */
  private static Optional<Advice.Step> probable(Advice advice) {
    Stream<Advice.Step> likelier =
        advice.alone().stream()
            .filter(step -> !isRented(step) && step.after().spareBytes() >= 0)
            .filter(step -> chance(step.after()) >= chance(step.before()) + WORTH_IT);
    boolean fits = advice.alone().stream().allMatch(step -> step.before().spareBytes() >= 0);
    return fits
        ? likelier.max(Comparator.comparingDouble(step -> chance(step.after())))
        : likelier.findFirst();
  }

  private static double chance(FitCheck check) {
    return check.chance().orElse(0);
  }

  private static String sentence(Advice.Step step) {
    String fits =
        step.after().fits()
            ? "fits"
            : "probably fits, with " + Math.round(100 * chance(step.after())) + " %";
    return step.change().name()
        + ": it needs "
        + Gib.text(step.after().deviceBytes())
        + " then and "
        + fits
        + "; "
        + ChangeCosts.words(step)
        + ".";
  }

  private static String names(List<Advice.Step> together) {
    return together.stream().map(step -> step.change().name()).collect(Collectors.joining(", "))
        + "; it fits then"
        + together.stream()
            .map(step -> ChangeCosts.host(step, ", with "))
            .collect(Collectors.joining())
        + ".";
  }

  private static Advice.Step most(Advice advice) {
    return advice.alone().stream()
        .max((one, other) -> Long.compare(one.savedBytes(), other.savedBytes()))
        .orElseGet(() -> advice.together().get(0));
  }
}
