package dev.vramcast.core.range;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The errors of a group of runs, and what they make of those of the wider group around it.
 *
 * <p>The next run is of a source like one of those seen, or it is like the wider group: the
 * predictive distribution of a Dirichlet process around the wider group's distribution (Ferguson, A
 * Bayesian Analysis of Some Nonparametric Problems, 1973), of which sources and not runs are the
 * draws, so that hundreds of runs from one hand do not set the range. Within a group of several
 * frameworks, frameworks are the draws.
 *
 * <p>Among other frameworks' runs it is the size of an error that is learnt and not its sign, so
 * each counts half as it is and half inverted.
 *
 * <p>A run that ended out of memory has its weight moved to what is beyond it, in proportion
 * (Kaplan and Meier, Nonparametric Estimation from Incomplete Observations, 1958; with a Dirichlet
 * prior, Susarla and Van Ryzin, 1976).
 */
final class ErrorLevel {

  /** Compared by hand: a program that starts pays more for comparators than for the sorting. */
  private record Piece(double ratio, double weight, boolean bound) implements Comparable<Piece> {

    @Override
    public int compareTo(Piece other) {
      int order = Double.compare(ratio, other.ratio);
      return order != 0 ? order : Boolean.compare(bound, other.bound);
    }
  }

  private final RangeKey key;
  private final List<RunError> runs;
  private final Set<String> sources = new HashSet<>();

  /**
   * A group.
   *
   * @param held all of its runs
   */
  ErrorLevel(RangeKey key, List<RunError> held) {
    this.key = key;
    this.runs = new ArrayList<>();
    for (RunError run : held) {
      if (run.isInformative()) {
        runs.add(run);
        sources.add(run.source());
      }
    }
  }

  RangeKey key() {
    return key;
  }

  Set<String> sources() {
    return sources;
  }

  /**
   * How many runs there are.
   *
   * @param without a source that is not counted
   */
  int count(String without) {
    return runs.stream()
        .filter(run -> !run.source().equals(without))
        .mapToInt(RunError::runs)
        .sum();
  }

  /**
   * The distribution of the group.
   *
   * @param wider that of the group around it
   * @param shrinkage how many sources that one counts for
   */
  ErrorDistribution within(ErrorDistribution wider, double shrinkage) {
    List<Piece> own = key.isOfOneFramework() || isOfCounted() ? bySource() : byFramework();
    Collections.sort(own);
    return new Merged(wider, shrinkage, own).redistributed();
  }

  private boolean isOfCounted() {
    return key.frameworks() instanceof RangeKey.Frameworks.Counted;
  }

  /** Pieces of which each source's weigh one. */
  private List<Piece> bySource() {
    Map<String, Integer> counts = new HashMap<>();
    runs.forEach(run -> counts.merge(run.source(), run.runs(), Integer::sum));
    List<Piece> pieces = new ArrayList<>();
    runs.forEach(run -> add(pieces, run, (double) run.runs() / get(counts, run.source())));
    return pieces;
  }

  /** Pieces of which each framework's weigh one, and in that as much as those of other sources. */
  private List<Piece> byFramework() {
    Map<String, Map<String, Integer>> counts = new HashMap<>();
    for (RunError run : runs) {
      counts
          .computeIfAbsent(run.kind().framework(), name -> new HashMap<>())
          .merge(run.source(), run.runs(), Integer::sum);
    }
    List<Piece> pieces = new ArrayList<>();
    for (RunError run : runs) {
      Map<String, Integer> sourceCounts = get(counts, run.kind().framework());
      double ofSource = (double) run.runs() / get(sourceCounts, run.source());
      add(pieces, run, ofSource / sourceCounts.size());
    }
    return pieces;
  }

  private void add(List<Piece> pieces, RunError run, double weight) {
    if (key.isOfOneFramework()) {
      pieces.add(new Piece(run.ratio(), weight, run.bound()));
    } else {
      pieces.add(new Piece(run.ratio(), weight / 2, run.bound()));
      pieces.add(new Piece(1 / run.ratio(), weight / 2, false));
    }
  }

  private static <T> T get(Map<String, T> counts, String name) {
    return Objects.requireNonNull(counts.get(name));
  }

  /** Rising pieces in arrays, of which a wide group has thousands. */
  private static final class Merged {

    private final double[] ratios;
    private final double[] weights;
    private final boolean[] bounds;
    private int size;

    /** Those of the wider group and rising ones of this, after those that are equal. */
    Merged(ErrorDistribution wider, double shrinkage, List<Piece> own) {
      int all = wider.size() + own.size();
      ratios = new double[all];
      weights = new double[all];
      bounds = new boolean[all];
      int from = 0;
      for (Piece piece : own) {
        int to = wider.firstAbove(piece.ratio(), from);
        copy(wider, from, to, shrinkage);
        add(piece);
        from = to;
      }
      copy(wider, from, wider.size(), shrinkage);
    }

    private void copy(ErrorDistribution wider, int from, int to, double shrinkage) {
      wider.copy(from, to, shrinkage, ratios, weights, size);
      size += to - from;
    }

    private void add(Piece piece) {
      ratios[size] = piece.ratio();
      weights[size] = piece.weight();
      bounds[size] = piece.bound();
      size++;
    }

    /** Weights of bounds are moved to what is beyond them. */
    ErrorDistribution redistributed() {
      double total = sum(weights);
      double beyond = total;
      double factor = 1;
      int kept = 0;
      for (int i = 0; i < size; i++) {
        double weight = weights[i];
        beyond -= weight;
        if (bounds[i] && beyond > 0) {
          factor *= 1 + weight / beyond;
        } else {
          ratios[kept] = ratios[i];
          weights[kept] = weight * factor / total;
          kept++;
        }
      }
      return new ErrorDistribution(Arrays.copyOf(ratios, kept), Arrays.copyOf(weights, kept));
    }

    /** Compensated, as that of a stream, of which a program that starts would make much code. */
    private static double sum(double[] values) {
      double sum = 0;
      double lost = 0;
      for (double value : values) {
        double next = value - lost;
        double higher = sum + next;
        lost = higher - sum - next;
        sum = higher;
      }
      return sum - lost;
    }
  }
}
