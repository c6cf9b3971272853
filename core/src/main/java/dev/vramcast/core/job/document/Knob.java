package dev.vramcast.core.job.document;

import java.util.List;
import java.util.stream.LongStream;

/**
 * How a key is set where all usual values are offered at a glance, as on the page.
 *
 * @param panel with which others it stands
 * @param unit of its number; empty where it is none or is plain
 * @param stops values that a slider stops at, rising; empty where there are a few words to choose
 *     from
 */
public record Knob(Panel panel, String unit, List<Long> stops) {

  /** Knobs that stand together, in the order of their keys. */
  public enum Panel {
    /** How many GPUs, and how work is spread over them. */
    GPUS,
    /** How long the run is, by what it counts. */
    TOKENS,
    /** How long the run is, by its data set. */
    EXAMPLES,
    /** What is trained, by whose code. */
    METHOD,
    /** Sizes of a step. */
    TRAINING,
    /** What fewer people turn. */
    DETAILS
  }

  /** One whose values are all offered. */
  static Knob of(Panel panel) {
    return new Knob(panel, "", List.of());
  }

  /** A slider that stops at these values. */
  static Knob stops(Panel panel, String unit, long... stops) {
    return new Knob(panel, unit, LongStream.of(stops).boxed().toList());
  }

  /** A slider on which each stop is double the one before it. */
  static Knob doubled(Panel panel, String unit, long first, long last) {
    return new Knob(
        panel,
        unit,
        LongStream.iterate(first, stop -> stop <= last, stop -> 2 * stop).boxed().toList());
  }

  /** A slider that stops at 1, 2 and 5 times each power of ten. */
  static Knob oneTwoFive(Panel panel, long first, long last) {
    List<Long> stops =
        LongStream.iterate(first, power -> power <= last, power -> 10 * power)
            .flatMap(power -> LongStream.of(power, 2 * power, 5 * power))
            .filter(stop -> stop <= last)
            .boxed()
            .toList();
    return new Knob(panel, "", stops);
  }
}
