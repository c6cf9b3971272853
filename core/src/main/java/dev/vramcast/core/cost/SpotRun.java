package dev.vramcast.core.cost;

import dev.vramcast.core.time.Seconds;
import java.time.Duration;
import java.util.Optional;

/**
 * A run on machines that are taken away now and then. Waiting for a new machine is no part of it:
 * how long that takes is not known, and it is not paid for.
 *
 * @param interval work between two checkpoints
 * @param checkpoints how many are written
 * @param interruptions expected, of work and of restarts
 * @param undisturbed start, work and checkpoints
 * @param expected with what interruptions cost on average
 * @param p90 with what they cost at most in nine of ten runs; {@code undisturbed}, and so less than
 *     {@code expected}, where nine of ten are never interrupted
 */
public record SpotRun(
    Duration interval,
    long checkpoints,
    double interruptions,
    Duration undisturbed,
    Duration expected,
    Duration p90) {

  /**
   * A run is hopeless when it takes more than so many times as long as undisturbed: less than a
   * tenth of what is paid for is progress, and no list has spot for less than a tenth of on-demand.
   * A judgement.
   */
  public static final double HOPELESS = 10;

  /** However little is written, all ranks stop and files are opened: a judgement. */
  public static final Duration SHORTEST_CHECKPOINT = Duration.ofSeconds(5);

  /** Empty when the run is hopeless. */
  public static Optional<SpotRun> of(Work work, SpotTerms terms) {
    double between = Seconds.of(terms.between());
    double busy = Seconds.of(work.busy());
    double checkpoint = Math.max(Seconds.of(SHORTEST_CHECKPOINT), Seconds.of(work.checkpoint()));
    double longest = terms.interval().map(Seconds::of).orElse(young(between, checkpoint));
    long intervals = (long) Math.max(1, Math.ceil(busy / longest));
    double interval = busy / intervals;
    double startup = Seconds.of(work.startup());
    double restart = terms.restart().map(Seconds::of).orElse(startup);
    LostTime lost = new LostTime(intervals, interval + checkpoint, between, restart);
    double undisturbed = startup + intervals * (interval + checkpoint);
    double expected = undisturbed + lost.mean();
    if (!(expected <= HOPELESS * undisturbed)) {
      return Optional.empty();
    }
    return Optional.of(
        new SpotRun(
            Seconds.duration(interval),
            intervals,
            (expected - startup) / between,
            Seconds.duration(undisturbed),
            Seconds.duration(expected),
            Seconds.duration(undisturbed + lost.p90())));
  }

  /**
   * The interval that loses least to first order, sqrt(2 M δ) (Young, 1974), which Daly bounds by M
   * where a checkpoint of δ takes half of M and more.
   */
  static double young(double between, double checkpoint) {
    return checkpoint < between / 2 ? Math.sqrt(2 * between * checkpoint) : between;
  }
}
