package dev.vramcast.answers.first;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.fit.Advice;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The one thing that would help most, of all changes that save memory. */
final class BestChange {

  private BestChange() {}

  /**
   * One sentence: the mildest change that makes the job fit, or several where each is milder than
   * that; else what saves most.
   */
  static String of(Advice advice) {
    Optional<Advice.Step> alone =
        advice.alone().stream().filter(step -> step.after().fits()).findFirst();
    List<Advice.Step> together = advice.together();
    boolean fit = !together.isEmpty() && together.get(together.size() - 1).after().fits();
    if (alone.isPresent() && !(fit && areMilder(together, alone.get()))) {
      return sentence(alone.get());
    }
    if (fit) {
      return (alone.isPresent() ? "together: " : "only together: ")
          + names(together)
          + "; it fits then.";
    }
    return together.isEmpty()
        ? "nothing that is known: no change of this job saves memory."
        : "nothing makes it fit; what saves most is "
            + most(advice).change().name()
            + ", which needs "
            + Gib.text(most(advice).after().deviceBytes())
            + ".";
  }

  private static boolean areMilder(List<Advice.Step> together, Advice.Step alone) {
    return together.stream()
        .allMatch(step -> step.change().drawback().compareTo(alone.change().drawback()) < 0);
  }

  private static String sentence(Advice.Step step) {
    return step.change().name()
        + ": it needs "
        + Gib.text(step.after().deviceBytes())
        + " then and fits; "
        + step.change().cost()
        + ".";
  }

  private static String names(List<Advice.Step> together) {
    return together.stream().map(step -> step.change().name()).collect(Collectors.joining(", "));
  }

  private static Advice.Step most(Advice advice) {
    return advice.alone().stream()
        .max((one, other) -> Long.compare(one.savedBytes(), other.savedBytes()))
        .orElseGet(() -> advice.together().get(0));
  }
}
