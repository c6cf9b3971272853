package dev.vramcast.core.range;

import dev.vramcast.core.range.ErrorDistribution.Atom;
import java.util.ArrayList;
import java.util.Collection;
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

  ErrorLevel(RangeKey key, Collection<RunError> all) {
    this.key = key;
    this.runs = all.stream().filter(key::holds).filter(RunError::isInformative).toList();
    runs.forEach(run -> sources.add(run.source()));
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
    List<Piece> pieces = new ArrayList<>();
    wider
        .rising()
        .forEach(atom -> pieces.add(new Piece(atom.ratio(), shrinkage * atom.weight(), false)));
    if (key.isOfOneFramework() || key.frameworks() instanceof RangeKey.Frameworks.Counted) {
      addBySource(pieces);
    } else {
      addByFramework(pieces);
    }
    Collections.sort(pieces);
    return new ErrorDistribution(redistributed(pieces));
  }

  /** Each source weighs the same. */
  private void addBySource(List<Piece> pieces) {
    Map<String, Integer> counts = new HashMap<>();
    for (RunError run : runs) {
      counts.merge(run.source(), run.runs(), Integer::sum);
    }
    for (RunError run : runs) {
      add(pieces, run, (double) run.runs() / get(counts, run.source()));
    }
  }

  /** Each framework weighs the same, and each source of one. */
  private void addByFramework(List<Piece> pieces) {
    Map<String, Map<String, Integer>> counts = new HashMap<>();
    for (RunError run : runs) {
      counts
          .computeIfAbsent(run.kind().framework(), name -> new HashMap<>())
          .merge(run.source(), run.runs(), Integer::sum);
    }
    for (RunError run : runs) {
      Map<String, Integer> sourcesOfIt = Objects.requireNonNull(counts.get(run.kind().framework()));
      double weight = (double) run.runs() / get(sourcesOfIt, run.source()) / sourcesOfIt.size();
      add(pieces, run, weight);
    }
  }

  private void add(List<Piece> pieces, RunError run, double weight) {
    if (key.isOfOneFramework()) {
      pieces.add(new Piece(run.ratio(), weight, run.bound()));
    } else {
      pieces.add(new Piece(run.ratio(), weight / 2, run.bound()));
      pieces.add(new Piece(1 / run.ratio(), weight / 2, false));
    }
  }

  private static int get(Map<String, Integer> counts, String name) {
    return Objects.requireNonNull(counts.get(name));
  }

  private static List<Atom> redistributed(List<Piece> rising) {
    double beyond = rising.stream().mapToDouble(Piece::weight).sum();
    double total = beyond;
    double factor = 1;
    List<Atom> atoms = new ArrayList<>();
    for (Piece piece : rising) {
      beyond -= piece.weight();
      if (piece.bound() && beyond > 0) {
        factor *= 1 + piece.weight() / beyond;
      } else {
        atoms.add(new Atom(piece.ratio(), piece.weight() * factor / total));
      }
    }
    return atoms;
  }
}
