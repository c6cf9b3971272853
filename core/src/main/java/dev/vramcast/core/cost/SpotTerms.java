package dev.vramcast.core.cost;

import java.time.Duration;
import java.util.Optional;

/**
 * How often spot machines are taken away, and what a job does about it.
 *
 * @param between mean time between interruptions of a machine, {@link #SHORTEST} to {@link
 *     #LONGEST}
 * @param interval the longest time between checkpoints; empty for that of Young and Daly
 * @param restart until a new machine trains again; empty when it takes as long as the start
 */
public record SpotTerms(Duration between, Optional<Duration> interval, Optional<Duration> restart) {

  /** The shortest time that is believed of any of these. */
  public static final Duration SHORTEST = Duration.ofSeconds(1);

  /** The longest: ten years. */
  public static final Duration LONGEST = Duration.ofDays(3650);

  /**
   * A choice and no measurement: providers publish bands by the month, traces show hours. From 4 to
   * 168 hours would be as good a choice.
   */
  public static final SpotTerms USUAL =
      new SpotTerms(Duration.ofHours(24), Optional.empty(), Optional.empty());

  /**
   * @throws IllegalArgumentException when {@link #isAllowed} says no of a time
   */
  public SpotTerms {
    if (!isAllowed(between)
        || !interval.map(SpotTerms::isAllowed).orElse(true)
        || !restart.map(SpotTerms::isAllowed).orElse(true)) {
      throw new IllegalArgumentException(between + ", " + interval + ", " + restart);
    }
  }

  /**
   * The terms of a job on so many machines, any of which stops it when it is taken away: their
   * interruptions are independent, so that the job's come as many times as often. Below {@link
   * #SHORTEST} it is that.
   */
  public SpotTerms across(int machines) {
    Duration ofAny = between.dividedBy(machines);
    return new SpotTerms(ofAny.compareTo(SHORTEST) < 0 ? SHORTEST : ofAny, interval, restart);
  }

  /** Whether a time lies between {@link #SHORTEST} and {@link #LONGEST}. */
  public static boolean isAllowed(Duration time) {
    return time.compareTo(SHORTEST) >= 0 && time.compareTo(LONGEST) <= 0;
  }
}
