package dev.vramcast.core.job.document;

import java.util.ArrayList;
import java.util.List;

/**
 * How a key is set where all usual values are offered at a glance, as on the page.
 *
 * @param panel with which others it stands
 * @param unit of its number; empty where it is none or is plain
 * @param stops values that a slider stops at, rising; empty where there are a few words to choose
 *     from
 */
public record Knob(Panel panel, String unit, List<Long> stops) {

  public Knob {
    stops = List.copyOf(stops);
  }

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
    List<Long> all = new ArrayList<>();
    for (long stop : stops) {
      all.add(stop);
    }
    return new Knob(panel, unit, all);
  }

  /** A slider on which each stop is double the one before it. */
  static Knob doubled(Panel panel, String unit, long first, long last) {
    List<Long> stops = new ArrayList<>();
    for (long stop = first; stop <= last; stop *= 2) {
      stops.add(stop);
    }
    return new Knob(panel, unit, stops);
  }

  /** A slider that stops at 1, 2 and 5 times each power of ten. */
  static Knob oneTwoFive(Panel panel, long first, long last) {
    List<Long> stops = new ArrayList<>();
    for (long power = first; power <= last; power *= 10) {
      for (long factor : new long[] {1, 2, 5}) {
        if (factor * power <= last) {
          stops.add(factor * power);
        }
      }
    }
    return new Knob(panel, "", stops);
  }
}
