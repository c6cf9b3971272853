package dev.vramcast.core.range;

import dev.vramcast.core.range.RunPieces.Cell;
import dev.vramcast.core.range.RunPieces.Piece;
import java.util.Arrays;
import java.util.List;

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

  private final RangeKey key;
  private final RunPieces pieces;

  /** Of each kind of run, whether it is in the group. */
  private final boolean[] held;

  /** Of each source. */
  private final int[] runs;

  private final int sources;

  /** A group of runs. */
  ErrorLevel(RangeKey key, RunPieces pieces) {
    this.key = key;
    this.pieces = pieces;
    this.held = pieces.held(key);
    this.runs = new int[pieces.sources()];
    int found = 0;
    for (Cell cell : pieces.cells()) {
      if (held[cell.kind()]) {
        found += runs[cell.source()] == 0 ? 1 : 0;
        runs[cell.source()] += cell.runs();
      }
    }
    this.sources = found;
  }

  RangeKey key() {
    return key;
  }

  /** How many sources its runs are of. */
  int sources() {
    return sources;
  }

  /** How many frameworks its runs are of. */
  int frameworks() {
    return (int)
        pieces.cells().stream()
            .filter(cell -> held[cell.kind()])
            .mapToInt(Cell::framework)
            .distinct()
            .count();
  }

  boolean hasSource(String name) {
    int source = pieces.source(name);
    return source >= 0 && runs[source] > 0;
  }

  /** Whether its runs are of the same sources as those of another group of the same runs. */
  boolean hasSourcesOf(ErrorLevel other) {
    for (int i = 0; i < runs.length; i++) {
      if (runs[i] > 0 != other.runs[i] > 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * How many runs there are.
   *
   * @param without a source that is not counted
   */
  int count(String without) {
    int left = pieces.source(without);
    int count = 0;
    for (int i = 0; i < runs.length; i++) {
      count += i == left ? 0 : runs[i];
    }
    return count;
  }

  /**
   * The distribution of the group.
   *
   * @param wider that of the group around it
   * @param shrinkage how many sources that one counts for
   */
  ErrorDistribution within(ErrorDistribution wider, double shrinkage) {
    Merged merged = new Merged(wider, shrinkage, pieces.rising().size());
    boolean signed = key.isOfOneFramework();
    Weights weights = signed || isOfCounted() ? this::ofSource : byFramework();
    List<Piece> rising = pieces.rising();
    for (int i = 0; i < rising.size(); i++) {
      Piece piece = rising.get(i);
      if (held[piece.cell().kind()] && !(signed && piece.inverted())) {
        double weight = weights.of(piece);
        merged.add(piece, signed ? weight : weight / 2);
      }
    }
    return merged.redistributed();
  }

  private boolean isOfCounted() {
    return key.frameworks() instanceof RangeKey.Frameworks.Counted;
  }

  /** How much an error weighs. */
  private interface Weights {

    double of(Piece piece);
  }

  /** Each source's errors weigh one. */
  private double ofSource(Piece piece) {
    return (double) piece.runs() / runs[piece.cell().source()];
  }

  /** Each framework's errors weigh one, and in that as much as those of other sources. */
  private Weights byFramework() {
    int[][] counts = new int[pieces.frameworks()][runs.length];
    int[] sizes = new int[counts.length];
    for (Cell cell : pieces.cells()) {
      if (held[cell.kind()]) {
        int[] ofFramework = counts[cell.framework()];
        sizes[cell.framework()] += ofFramework[cell.source()] == 0 ? 1 : 0;
        ofFramework[cell.source()] += cell.runs();
      }
    }
    return piece -> {
      Cell cell = piece.cell();
      double ofSource = (double) piece.runs() / counts[cell.framework()][cell.source()];
      return ofSource / sizes[cell.framework()];
    };
  }

  /** Rising errors in arrays, of which a wide group has thousands. */
  private static final class Merged {

    private final ErrorDistribution wider;
    private final double shrinkage;
    private final double[] ratios;
    private final double[] weights;
    private final boolean[] bounds;
    private boolean isBounded;
    private int from;
    private int size;

    /** The sum of weights, compensated, and what it lacks. */
    private double sum;

    private double lost;

    /**
     * Errors of the wider group, to which those of this are added.
     *
     * @param most of this group
     */
    Merged(ErrorDistribution wider, double shrinkage, int most) {
      this.wider = wider;
      this.shrinkage = shrinkage;
      ratios = new double[wider.size() + most];
      weights = new double[ratios.length];
      bounds = new boolean[ratios.length];
    }

    /** Adds an error no less than those before, after those that are equal. */
    void add(Piece piece, double weight) {
      double ratio = piece.ratio();
      while (from < wider.size() && wider.ratio(from) <= ratio) {
        addWider();
      }
      if (piece.bound()) {
        bounds[size] = true;
        isBounded = true;
      }
      add(ratio, weight);
    }

    private void addWider() {
      add(wider.ratio(from), shrinkage * wider.weight(from));
      from++;
    }

    private void add(double ratio, double weight) {
      ratios[size] = ratio;
      weights[size] = weight;
      size++;
      double next = weight - lost;
      double higher = sum + next;
      lost = higher - sum - next;
      sum = higher;
    }

    /** Weights of bounds are moved to what is beyond them. */
    ErrorDistribution redistributed() {
      while (from < wider.size()) {
        addWider();
      }
      double total = sum - lost;
      int kept = isBounded ? withoutBounds(total) : size;
      if (!isBounded) {
        for (int i = 0; i < size; i++) {
          weights[i] /= total;
        }
      }
      return new ErrorDistribution(Arrays.copyOf(ratios, kept), Arrays.copyOf(weights, kept));
    }

    private int withoutBounds(double total) {
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
      return kept;
    }
  }
}
