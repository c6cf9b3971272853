package dev.vramcast.core.cost;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.TimeEstimate;
import java.time.Duration;
import java.util.List;

/**
 * What a run has to do on its machines, whoever rents them out.
 *
 * @param tokens of all epochs that are learned from, without padding
 * @param startup from the start of the machine to the first step
 * @param busy training and evaluation, which an interruption may destroy
 * @param checkpoint the time to write one from which training can go on
 * @param total undisturbed, with the checkpoints that are written anyway
 * @param low of {@code total}, when training is as fast as the fastest of ten runs
 * @param high of {@code total}, when it is as slow as the slowest of ten
 */
public record Work(
    double tokens,
    Duration startup,
    Duration busy,
    Duration checkpoint,
    Duration total,
    Duration low,
    Duration high) {

  /** Beyond this no estimate means anything. */
  public static final Duration LONGEST = Duration.ofDays(365_250);

  /**
   * @throws InputException when a time is longer than {@link #LONGEST}
   * @throws IllegalArgumentException when a time is negative, or tokens are not a positive number
   */
  public Work {
    if (!(tokens > 0) || Double.isInfinite(tokens)) {
      throw new IllegalArgumentException("tokens " + tokens);
    }
    for (Duration time : List.of(startup, busy, checkpoint, total, low, high)) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("time " + time);
      }
      if (time.compareTo(LONGEST) > 0) {
        throw InputError.of(
                "the run of %.3g tokens would take more than 1,000 years".formatted(tokens))
            .allowed("less")
            .refusal();
      }
    }
  }

  /** The same where training is as slow as the slowest of ten runs. */
  public Work slow() {
    Duration longer = high.minus(total);
    return new Work(tokens, startup, busy.plus(longer), checkpoint, high, total, high);
  }

  /**
   * The work of an estimated run.
   *
   * @param tokens without padding
   */
  public static Work of(TimeEstimate time, RunEstimate run, double tokens) {
    return new Work(
        tokens,
        run.startup(),
        run.training().plus(run.evaluation()),
        RunEstimator.writing(time.run().checkpointBytes()),
        run.total(),
        run.low(),
        run.high());
  }
}
