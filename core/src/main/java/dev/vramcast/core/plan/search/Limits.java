package dev.vramcast.core.plan.search;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a run may cost and how long it may take.
 *
 * @param budget US dollars of the whole run, above 0
 * @param deadline from the start of the machine to the end of the run, above 0
 * @param confidence which time of a run is held against both
 */
public record Limits(OptionalDouble budget, Optional<Duration> deadline, Confidence confidence) {

  /** Any price, any time. */
  public static final Limits NONE = new Limits(OptionalDouble.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException when a limit is not a number above 0
   */
  public Limits {
    if (budget.isPresent() && !(budget.getAsDouble() > 0)) {
      throw new IllegalArgumentException("budget " + budget.getAsDouble());
    }
    if (deadline.isPresent() && (deadline.get().isNegative() || deadline.get().isZero())) {
      throw new IllegalArgumentException("deadline " + deadline.get());
    }
  }

  /** The same for any price. */
  public Limits anyBudget() {
    return new Limits(OptionalDouble.empty(), deadline, confidence);
  }

  /** The same for any time. */
  public Limits anyDeadline() {
    return new Limits(budget, Optional.empty(), confidence);
  }

  /** Limits on the estimate itself. */
  public Limits(OptionalDouble budget, Optional<Duration> deadline) {
    this(budget, deadline, Confidence.ESTIMATE);
  }
}
