package dev.vramcast.core.range;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Runs in groups, each made when it is asked for. What the wider groups make of each other is kept,
 * since the numbers of a job and jobs of one kind have most of them in common.
 */
final class RunGroups {

  /** Distributions that are kept at most; a wide one has some ten thousand bytes. */
  private static final int MOST = 256;

  private static final ErrorDistribution NOTHING =
      new ErrorDistribution(new double[] {0, Double.POSITIVE_INFINITY}, new double[] {0.5, 0.5});

  private final List<RunError> runs;
  private final RunPieces pieces;
  private final Map<RangeKey, ErrorLevel> levels = new HashMap<>();
  private final Map<Double, Around> widest = new HashMap<>();
  private int kept;

  /** A distribution, and those of the groups that were asked for inside of it. */
  private static final class Around {

    private final ErrorDistribution errors;
    private final Map<RangeKey, Around> inside = new HashMap<>();

    private Around(ErrorDistribution errors) {
      this.errors = errors;
    }
  }

  RunGroups(List<RunError> runs) {
    this.runs = runs;
    this.pieces = new RunPieces(runs);
  }

  List<RunError> runs() {
    return runs;
  }

  ErrorLevel level(RangeKey key) {
    return levels.computeIfAbsent(key, each -> new ErrorLevel(each, pieces));
  }

  /**
   * The distribution of the narrowest of groups.
   *
   * @param around the groups, the narrowest first
   * @param nothing for how many sources it counts that beyond the widest nothing is known
   * @param shrinkage for how many a wider group counts
   */
  ErrorDistribution errors(List<ErrorLevel> around, double nothing, double shrinkage) {
    if (kept > MOST) {
      levels.clear();
      widest.clear();
      kept = 0;
    }
    Around wider = widest.computeIfAbsent(nothing, weight -> new Around(NOTHING));
    double weight = nothing;
    for (int i = around.size() - 1; i >= 0; i--) {
      wider = inside(wider, around.get(i), weight);
      weight = shrinkage;
    }
    return wider.errors;
  }

  private Around inside(Around wider, ErrorLevel level, double weight) {
    Around known = wider.inside.get(level.key());
    if (known == null) {
      known = new Around(level.within(wider.errors, weight));
      wider.inside.put(level.key(), known);
      kept++;
    }
    return known;
  }
}
