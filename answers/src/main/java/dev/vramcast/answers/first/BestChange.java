package dev.vramcast.answers.first;

import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.life.Life.Resource;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The one thing that would help most, of all changes that save memory, for people. */
public final class BestChange {

  private BestChange() {}

  /** One sentence. */
  public static String of(Advice advice) {
    Advice.Best best = advice.best();
    return switch (best.kind()) {
      case MILDER_TOGETHER -> "together: " + names(best.steps(), advice);
      case ONLY_TOGETHER -> "only together: " + names(best.steps(), advice);
      case LIKELY_TOGETHER -> likely(best.steps());
      case ALONE -> sentence(best.steps().get(0));
      case SAVES_MOST -> most(best.steps().get(0));
      case NOTHING -> "nothing that is known: no change of this job saves memory.";
    };
  }

  private static String likely(List<Advice.Step> steps) {
    Advice.Step last = steps.get(steps.size() - 1);
    return where(last.before())
        + ", together: "
        + steps.stream().map(step -> step.change().name()).collect(Collectors.joining(", "))
        + "; it needs "
        + Gib.text(last.neededBytes())
        + " then and "
        + chance(last.after())
        + ".";
  }

  /** The cards that a job keeps, e.g. {@code on this card}. */
  private static String where(FitCheck job) {
    return job.resolution().job().parallelism().gpus() == 1 ? "on this card" : "on these cards";
  }

  /** How likely it is that a job fits which does so by the estimate. */
  private static String chance(FitCheck job) {
    String chance = Chance.text(job.chance());
    return Chance.likely(job.chance(), true) + (chance.isEmpty() ? "" : ", with " + chance);
  }

  private static String most(Advice.Step step) {
    return "nothing makes it fit; what saves most is "
        + step.change().name()
        + ", which needs "
        + Gib.text(step.neededBytes())
        + of(step.resource())
        + ".";
  }

  private static String sentence(Advice.Step step) {
    String fits = step.after().fits() ? "fits" : chance(step.after());
    return step.change().name()
        + ": it needs "
        + Gib.text(step.neededBytes())
        + of(step.resource())
        + " then and "
        + fits
        + "; "
        + ChangeCosts.words(step)
        + ".";
  }

  /** Of what it needs so much, where that is not what its card holds. */
  public static String of(Resource resource) {
    return switch (resource) {
      case GPU -> "";
      case HOST -> " of the machine's memory";
      case DISK -> " of its disk";
    };
  }

  private static String names(List<Advice.Step> together, Advice advice) {
    return together.stream().map(step -> step.change().name()).collect(Collectors.joining(", "))
        + "; it fits then"
        + together.stream()
            .map(step -> ChangeCosts.host(step, ", with "))
            .collect(Collectors.joining())
        + fewer(together).or(() -> other(advice)).orElse("")
        + ".";
  }

  /** With how few of them it probably fits, whose drawbacks may be worth more than certainty. */
  private static Optional<String> fewer(List<Advice.Step> together) {
    for (int count = 1; count < together.size(); count++) {
      FitCheck after = together.get(count - 1).after();
      if (Chance.isProbable(after.chance())) {
        String few = count == 1 ? "alone" : String.valueOf(count);
        return Optional.of("; with the first " + few + " it " + chance(after));
      }
    }
    return Optional.empty();
  }

  /** With which other one it probably fits. */
  private static Optional<String> other(Advice advice) {
    return advice
        .probable()
        .filter(step -> Chance.isProbable(step.after().chance()))
        .map(step -> "; with " + step.change().name() + " alone it " + chance(step.after()));
  }
}
