package dev.vramcast.answers.first;

import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.fit.Advice;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The one thing that would help most, of all changes that save memory. */
final class BestChange {

  private BestChange() {}

  /** One sentence: the mildest change that makes the job fit, else the mildest that do together. */
  static String of(Advice advice) {
    Optional<Advice.Step> alone =
        advice.alone().stream().filter(step -> step.after().fits()).findFirst();
    if (alone.isPresent()) {
      Advice.Step step = alone.get();
      return step.change().name()
          + ": it needs "
          + Gib.text(step.after().deviceBytes())
          + " then and fits; "
          + step.change().cost()
          + ".";
    }
    List<Advice.Step> together = advice.together();
    if (!together.isEmpty() && together.get(together.size() - 1).after().fits()) {
      String names =
          together.stream().map(step -> step.change().name()).collect(Collectors.joining(", "));
      return "only together: " + names + "; it fits then.";
    }
    return together.isEmpty()
        ? "nothing that is known: no change of this job saves memory."
        : "nothing makes it fit; what saves most is "
            + most(advice).change().name()
            + ", which needs "
            + Gib.text(most(advice).after().deviceBytes())
            + ".";
  }

  private static Advice.Step most(Advice advice) {
    return advice.alone().stream()
        .max((one, other) -> Long.compare(one.savedBytes(), other.savedBytes()))
        .orElseGet(() -> advice.together().get(0));
  }
}
