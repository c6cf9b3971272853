package dev.vramcast.core.range;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The errors of runs, and the ranges that follow from them.
 *
 * <p>What was counted without a GPU is one source among those of allocated bytes: it says how exact
 * the trace is for the code that was run, and real runs say what remains.
 *
 * <p>Beyond the widest group lies as much as one framework that is like none of it. For code that
 * nobody has run the range comes from all frameworks alike and ends where their errors do: beyond
 * them lies what a range leaves out.
 */
public final class RangeTable {

  /** The source that all counted runs are, beside real ones. */
  private static final String LABORATORY = "laboratory";

  /** What a range leaves out to what it holds. */
  private static final double LEFT_OUT = (1 - ErrorRange.SHARE) / ErrorRange.SHARE;

  private record Asked(Figure figure, JobKind kind, String leftOut) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Asked asked
          && figure == asked.figure
          && kind.equals(asked.kind)
          && leftOut.equals(asked.leftOut);
    }

    /** By hand, as {@link #equals}: a program that starts pays for what a record makes. */
    @Override
    public int hashCode() {
      return 31 * (31 * figure.hashCode() + kind.hashCode()) + leftOut.hashCode();
    }
  }

  private final List<RunError> rows;
  private final Set<String> counted;
  private final double shrinkage;

  /** Of runs as they have a part in the ranges of real ones. */
  private final RunGroups groups;

  /** Of counted runs, which nobody asks about but those who check the table. */
  private @Nullable RunGroups countedGroups;

  private final Map<Asked, RangeRow> known = new HashMap<>();

  /**
   * A table.
   *
   * @param shrinkage how many sources a wider group counts for
   */
  public RangeTable(List<RunError> rows, double shrinkage) {
    this.rows = List.copyOf(rows);
    this.shrinkage = shrinkage;
    Set<String> names = new HashSet<>();
    List<RunError> real = new ArrayList<>(rows.size());
    List<RunError> laboratory = new ArrayList<>();
    for (RunError row : rows) {
      if (row.figure() == Figure.COUNTED) {
        names.add(row.kind().framework());
        laboratory.add(real(row));
      } else {
        real.add(row);
      }
    }
    this.counted = Set.copyOf(names);
    real.addAll(laboratory);
    this.groups = new RunGroups(real);
  }

  private static RunError real(RunError row) {
    return new RunError(
        Figure.ALLOCATED, row.kind(), LABORATORY, row.ratio(), row.bound(), row.runs());
  }

  /** What it was made of. */
  public List<RunError> rows() {
    return rows;
  }

  public double shrinkage() {
    return shrinkage;
  }

  /** The range for a number of a new job; empty when the table has no run at all. */
  public Optional<RangeRow> find(Figure figure, JobKind kind) {
    return find(new Asked(figure, kind, ""));
  }

  /** As {@link #find(Figure, JobKind)}, in which the runs of one source have no part. */
  public Optional<RangeRow> findWithout(String source, Figure figure, JobKind kind) {
    return find(new Asked(figure, kind, source));
  }

  private synchronized Optional<RangeRow> find(Asked asked) {
    RangeRow found = known.get(asked);
    if (found == null && !rows.isEmpty()) {
      Optional<RangeRow> made = make(asked, groups(asked));
      made.ifPresent(row -> known.put(asked, row));
      return made;
    }
    return Optional.ofNullable(found);
  }

  private RunGroups groups(Asked asked) {
    RunGroups all = asked.figure() == Figure.COUNTED ? countedGroups() : groups;
    return asked.leftOut().isEmpty()
        ? all
        : new RunGroups(
            all.runs().stream().filter(run -> !run.source().equals(asked.leftOut())).toList());
  }

  private RunGroups countedGroups() {
    RunGroups known = countedGroups;
    if (known == null) {
      known = new RunGroups(rows.stream().filter(row -> row.figure() == Figure.COUNTED).toList());
      countedGroups = known;
    }
    return known;
  }

  private Optional<RangeRow> make(Asked asked, RunGroups others) {
    boolean met = isMet(asked, others.runs());
    List<RangeKey> keys =
        met
            ? RangeKey.of(asked.figure(), asked.kind(), counted)
            : List.of(RangeKey.all(Figure.ANY));
    List<ErrorLevel> levels = levels(keys, others);
    if (levels.isEmpty()) {
      return Optional.empty();
    }
    double nothing = met ? 1 : levels.get(levels.size() - 1).frameworks() * LEFT_OUT;
    return Optional.of(row(asked, met, nearest(levels), others.errors(levels, nothing, shrinkage)));
  }

  /** The narrowest group with a real run; where none has one, the narrowest. */
  private static ErrorLevel nearest(List<ErrorLevel> levels) {
    return levels.stream()
        .filter(level -> level.count(LABORATORY) > 0)
        .findFirst()
        .orElse(levels.get(0));
  }

  private static RangeRow row(
      Asked asked, boolean met, ErrorLevel nearest, ErrorDistribution errors) {
    boolean real = nearest.count(LABORATORY) > 0;
    String uncounted = real ? LABORATORY : "";
    int sources = nearest.sources();
    return new RangeRow(
        nearest.key(),
        nearest.count(uncounted),
        real && nearest.hasSource(LABORATORY) ? sources - 1 : sources,
        met,
        asked.kind().framework(),
        errors,
        errors.range(),
        RangeRow.Sure.NOTHING);
  }

  /** Whether enough is known of the code of a job's framework. */
  private boolean isMet(Asked asked, List<RunError> others) {
    Predicate<RunError> same = run -> run.kind().framework().equals(asked.kind().framework());
    return asked.figure() == Figure.COUNTED
        || counted.contains(asked.kind().framework())
        || others.stream().filter(same).mapToInt(RunError::runs).sum() >= RangeRow.ENOUGH_RUNS;
  }

  /** The groups that have runs, without those that hold no source that a narrower has not. */
  private static List<ErrorLevel> levels(List<RangeKey> keys, RunGroups groups) {
    List<ErrorLevel> levels = new ArrayList<>();
    for (RangeKey key : keys) {
      ErrorLevel level = groups.level(key);
      boolean holdsMore = levels.isEmpty() || !level.hasSourcesOf(levels.get(levels.size() - 1));
      if (level.sources() > 0 && holdsMore) {
        levels.add(level);
      }
    }
    return levels;
  }
}
