package dev.vramcast.core.fit;

import dev.vramcast.core.time.work.ModelProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What would make a job fit.
 *
 * @param alone every change that saves something, on its own, the smallest drawback first
 * @param together changes that add up until the job fits, each with what it needs after all before
 *     it; they end where no more is known even if it does not fit
 */
public record Advice(List<Step> alone, List<Step> together) {

  /** What a change has to save, as a share of what the job needs, to be worth a line. */
  private static final double WORTH_IT = 0.005;

  /**
   * A change with what the job needs once it is made.
   *
   * @param before the job that is changed
   */
  public record Step(Change change, FitCheck before, FitCheck after) {

    /** Against the job before it; negative where another card needs more. */
    public long savedBytes() {
      return before.deviceBytes() - after.deviceBytes();
    }

    /** What the change does to the time of the job before it. */
    public TimeEffect time(ModelProfile model) {
      return TimeEffect.of(model, before, after);
    }
  }

  public Advice {
    alone = List.copyOf(alone);
    together = List.copyOf(together);
  }

  /** What all changes together do to the time of the job; empty where there are none. */
  public Optional<TimeEffect> time(ModelProfile model) {
    return together.isEmpty()
        ? Optional.empty()
        : Optional.of(
            TimeEffect.of(
                model, together.get(0).before(), together.get(together.size() - 1).after()));
  }

  /** Looks for changes by the remedies, which are in the order of their drawbacks. */
  static Advice of(FitEvaluator evaluator, FitCheck job, List<Remedy> remedies) {
    List<Step> alone = new ArrayList<>();
    for (Remedy remedy : remedies) {
      best(evaluator, job, remedy).ifPresent(alone::add);
    }
    return new Advice(alone, together(evaluator, job, remedies));
  }

  /** The mildest change of a remedy that makes the job fit, else the one that saves most. */
  private static Optional<Step> best(FitEvaluator evaluator, FitCheck job, Remedy remedy) {
    Step best = null;
    for (Change change : remedy.of(job)) {
      FitEvaluator there = change.card().map(evaluator::on).orElse(evaluator);
      Optional<FitCheck> after = there.tryCheck(change.document());
      if (after.isEmpty()) {
        continue;
      }
      Step step = new Step(change, job, after.get());
      long saved = step.savedBytes();
      boolean helps = change.card().isPresent() || saved >= WORTH_IT * job.deviceBytes();
      if (helps && step.after().fits()) {
        return Optional.of(step);
      }
      if (helps && change.card().isEmpty() && (best == null || saved > best.savedBytes())) {
        best = step;
      }
    }
    return Optional.ofNullable(best);
  }

  private static List<Step> together(FitEvaluator evaluator, FitCheck job, List<Remedy> remedies) {
    List<Remedy> used = new ArrayList<>();
    List<Step> steps = accumulate(evaluator, job, remedies, used);
    if (steps.isEmpty() || !steps.get(steps.size() - 1).after().fits()) {
      return steps;
    }
    for (int i = used.size() - 1; i >= 0; i--) {
      List<Remedy> fewer = new ArrayList<>(used);
      fewer.remove(i);
      List<Step> shorter = accumulate(evaluator, job, fewer, new ArrayList<>());
      if (!shorter.isEmpty() && shorter.get(shorter.size() - 1).after().fits()) {
        used = fewer;
        steps = shorter;
      }
    }
    return steps;
  }

  private static List<Step> accumulate(
      FitEvaluator evaluator, FitCheck job, List<Remedy> remedies, List<Remedy> used) {
    List<Step> steps = new ArrayList<>();
    FitCheck current = job;
    for (Remedy remedy : remedies) {
      if (current.fits()) {
        break;
      }
      Optional<Step> step = best(evaluator, current, remedy);
      if (step.isPresent()) {
        steps.add(step.get());
        used.add(remedy);
        current = step.get().after();
      }
    }
    return steps;
  }
}
