package dev.tunefit.core.fit;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What would make a job fit.
 *
 * @param alone every change that saves something, on its own, the least harmful first
 * @param together changes that add up until the job fits, each with what it needs after all before
 *     it; they end where no more is known even if it does not fit
 */
public record Advice(List<Step> alone, List<Step> together) {

  /** What a change has to save, as a share of what the job needs, to be worth a line. */
  private static final double WORTH_IT = 0.005;

  /**
   * A change with what the job needs once it is made.
   *
   * @param savedBytes against the job before it
   */
  public record Step(Change change, FitCheck after, long savedBytes) {}

  public Advice {
    alone = List.copyOf(alone);
    together = List.copyOf(together);
  }

  /** Looks for changes by the remedies, which are in the order of their harm. */
  static Advice of(Judge judge, FitCheck job, List<Remedy> remedies) {
    List<Step> alone = new ArrayList<>();
    for (Remedy remedy : remedies) {
      best(judge, job, remedy).ifPresent(alone::add);
    }
    return new Advice(alone, together(judge, job, remedies));
  }

  /** The mildest change of a remedy that makes the job fit, else the one that saves most. */
  private static Optional<Step> best(Judge judge, FitCheck job, Remedy remedy) {
    Step best = null;
    for (Change change : remedy.of(job)) {
      Judge there = change.card().map(judge::on).orElse(judge);
      Optional<FitCheck> after = there.tryCheck(change.document());
      if (after.isEmpty()) {
        continue;
      }
      long saved = job.deviceBytes() - after.get().deviceBytes();
      boolean helps = change.card().isPresent() || saved >= WORTH_IT * job.deviceBytes();
      if (helps && after.get().fits()) {
        return Optional.of(new Step(change, after.get(), saved));
      }
      if (helps && change.card().isEmpty() && (best == null || saved > best.savedBytes())) {
        best = new Step(change, after.get(), saved);
      }
    }
    return Optional.ofNullable(best);
  }

  private static List<Step> together(Judge judge, FitCheck job, List<Remedy> remedies) {
    List<Remedy> used = new ArrayList<>();
    List<Step> steps = accumulate(judge, job, remedies, used);
    if (steps.isEmpty() || !steps.get(steps.size() - 1).after().fits()) {
      return steps;
    }
    for (int i = used.size() - 1; i >= 0; i--) {
      List<Remedy> fewer = new ArrayList<>(used);
      fewer.remove(i);
      List<Step> shorter = accumulate(judge, job, fewer, new ArrayList<>());
      if (!shorter.isEmpty() && shorter.get(shorter.size() - 1).after().fits()) {
        used = fewer;
        steps = shorter;
      }
    }
    return steps;
  }

  private static List<Step> accumulate(
      Judge judge, FitCheck job, List<Remedy> remedies, List<Remedy> used) {
    List<Step> steps = new ArrayList<>();
    FitCheck current = job;
    for (Remedy remedy : remedies) {
      if (current.fits()) {
        break;
      }
      Optional<Step> step = best(judge, current, remedy);
      if (step.isPresent()) {
        steps.add(step.get());
        used.add(remedy);
        current = step.get().after();
      }
    }
    return steps;
  }
}
