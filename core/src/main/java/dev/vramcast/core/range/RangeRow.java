package dev.vramcast.core.range;

import dev.vramcast.core.hardware.Gpu;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A range with what it rests on.
 *
 * @param key what the nearest runs have in common with the job
 * @param runs of these; of counted ones only where there are no real ones
 * @param sources that published them
 * @param met whether there are enough runs of the job's own framework, or its code was counted
 * @param framework of the job
 * @param errors of runs like the job
 */
public record RangeRow(
    RangeKey key,
    int runs,
    int sources,
    boolean met,
    String framework,
    ErrorDistribution errors,
    ErrorRange range,
    Sure sure) {

  /**
   * Bytes that are surer than errors are.
   *
   * @param settled those of the estimate that a setting says, and so are no estimate
   * @param least those that no run like the job does without: what is there between its steps
   */
  public record Sure(long settled, long least) {

    /** None are. */
    static final Sure NOTHING = new Sure(0, 0);
  }

  /** Fewer runs of a framework say too little of its code: they may all be of one job. */
  public static final int ENOUGH_RUNS = 3;

  /**
   * The same for an estimate, some bytes of which are surer than its errors are.
   *
   * @param engine a setting says them: an engine's share of a card
   * @param loaded they are there before the first pass of a step, as weights and optimizer states
   *     are; of 834 published runs two took less, by up to a tenth
   */
  public RangeRow knowing(long engine, long loaded) {
    Sure known = new Sure(engine, loaded);
    return new RangeRow(key, runs, sources, met, framework, errors, range, known);
  }

  /** The runs in words, e.g. {@code allocated, trl, dense, FSDP, sft}. */
  public String words() {
    if (!met) {
      return "fewer than " + ENOUGH_RUNS + " runs of " + framework + ": wide, by " + key.words();
    }
    boolean near = !(key.frameworks() instanceof RangeKey.Frameworks.Any);
    return near ? key.words() : key.words() + ", none of " + framework;
  }

  /** The range of the truth when {@code bytes} are estimated. */
  public ByteRange about(long bytes) {
    long settled = Math.min(sure.settled(), bytes);
    ByteRange rest = range.about(bytes - settled);
    long low = Math.max(settled + rest.lowBytes(), Math.min(sure.least(), bytes));
    return new ByteRange(low, settled + rest.highBytes());
  }

  /** The largest estimate whose whole range is within so many bytes. */
  public long largest(long usableBytes) {
    long settled = Math.min(sure.settled(), usableBytes);
    return settled + range.largest(usableBytes - settled);
  }

  /**
   * The chance that so many bytes are enough when {@code bytes} are estimated. Where they are fewer
   * than what is there between steps, it is that of a run which is like none before.
   *
   * @param card that they are on, empty where its memory alone is known
   * @return between 0 and 1; empty on devices of which no run is known
   */
  public OptionalDouble chance(Optional<Gpu> card, long bytes, long usableBytes) {
    boolean unknown = card.filter(found -> !found.vendor().runsCuda()).isPresent();
    return unknown ? OptionalDouble.empty() : OptionalDouble.of(chance(bytes, usableBytes));
  }

  double chance(long bytes, long usableBytes) {
    if (usableBytes < Math.min(sure.least(), bytes)) {
      return errors.chanceBelow(0);
    }
    long settled = sure.settled();
    if (settled >= bytes) {
      return usableBytes >= bytes ? 1 : 0;
    }
    return errors.chanceBelow((double) (usableBytes - settled) / (bytes - settled));
  }
}
