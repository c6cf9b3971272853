package dev.vramcast.validation.range;

import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunError;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many real runs lie in the ranges that are made without their source, but for those that a
 * router may have made larger than their job, which are to widen no others' ranges.
 *
 * @param all of every source
 * @param bySource of each
 */
record LeftOut(Share all, Map<String, Share> bySource) {

  /** Which share of the runs of a source has to be inside. */
  static final double OF_A_SOURCE = 0.8;

  /** Of fewer runs two decide. */
  static final int FEW = 10;

  /** Runs, and those that are inside. */
  record Share(int runs, int inside) {

    private static final Share NONE = new Share(0, 0);

    private Share and(Share other) {
      return new Share(runs + other.runs, inside + other.inside);
    }

    double value() {
      return runs == 0 ? 1 : (double) inside / runs;
    }
  }

  static LeftOut of(RangeTable table) {
    Map<String, Share> bySource = new LinkedHashMap<>();
    for (RunError run : table.rows()) {
      if (run.figure() != Figure.COUNTED && !run.bound() && !run.isRouted()) {
        boolean inside =
            run.isWithin(
                table.findWithout(run.source(), run.figure(), run.kind()).orElseThrow().range());
        bySource.merge(run.source(), new Share(run.runs(), inside ? run.runs() : 0), Share::and);
      }
    }
    return new LeftOut(bySource.values().stream().reduce(Share.NONE, Share::and), bySource);
  }

  /** What is missing of what ranges have to hold; 0 when nothing is. */
  double missing() {
    double ofSources =
        bySource.values().stream()
            .filter(share -> share.runs() >= FEW)
            .mapToDouble(share -> Math.max(0, OF_A_SOURCE - share.value()))
            .sum();
    return Math.max(0, ErrorRange.SHARE - all.value()) + ofSources;
  }
}
