package dev.vramcast.core.fit;

import dev.vramcast.core.time.work.ModelProfile;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What would make a job fit.
 *
 * @param alone every change that saves something, on its own, the smallest drawback first
 * @param together changes that add up until the job fits, each with what it needs after all before
 *     it; they end where no more is known even if it does not fit
 */
public record Advice(List<Step> alone, List<Step> together) {

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

    /**
     * What each machine then has to have of its own memory, where something is offloaded to it;
     * empty where that is not more than before the change.
     */
    public OptionalLong hostBytes() {
      long then = after.hostBytes();
      return then > before.hostBytes() ? OptionalLong.of(then) : OptionalLong.empty();
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
    AdviceSearch search = new AdviceSearch(evaluator);
    List<Step> alone =
        remedies.stream().flatMap(remedy -> search.best(job, remedy).stream()).toList();
    return new Advice(alone, search.together(job, remedies));
  }
}
