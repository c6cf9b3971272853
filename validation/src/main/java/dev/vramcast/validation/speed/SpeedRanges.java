package dev.vramcast.validation.speed;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * How many times the estimated one the measured time was, for nine of ten runs of a kind. Errors
 * are those under coefficients that the run's source has no part in. Each source counts once; runs
 * of other kinds count a tenth as much, which decides where a kind has few sources.
 *
 * @param byKind ranges from all sources
 * @param inside of all runs, the share inside the range of their kind that their source has no part
 *     in
 * @param insideOfSource the mean over sources of that share
 */
record SpeedRanges(Map<String, Range> byKind, double inside, double insideOfSource) {

  private static final double LOW = 0.05;
  private static final double HIGH = 0.95;

  /** Weight of runs of other kinds. */
  private static final double OTHERS = 0.1;

  /**
   * Of one kind.
   *
   * @param runs of it
   * @param low of measured for estimated time
   */
  record Range(int runs, double low, double high) {

    private boolean contains(double error) {
      return error >= Math.log(low) && error <= Math.log(high);
    }
  }

  private record Weighted(double error, double weight) {}

  static SpeedRanges of(List<SpeedResiduals> sources) {
    Map<String, Range> all = new TreeMap<>();
    sources.stream()
        .flatMap(each -> each.runs().stream())
        .map(SpeedRun::kind)
        .distinct()
        .forEach(kind -> all.put(kind, range(kind, sources)));
    double[] shares = sources.stream().mapToDouble(each -> inside(each, sources)).toArray();
    double runs = sources.stream().mapToInt(each -> each.runs().size()).sum();
    double inside =
        IntStream.range(0, shares.length)
            .mapToDouble(i -> shares[i] * sources.get(i).runs().size() / runs)
            .sum();
    return new SpeedRanges(all, inside, Arrays.stream(shares).sum() / shares.length);
  }

  /** Share of a source's runs that lie in the range which the other sources give. */
  private static double inside(SpeedResiduals subject, List<SpeedResiduals> sources) {
    List<SpeedResiduals> others =
        sources.stream().filter(each -> !each.source().equals(subject.source())).toList();
    Map<String, Range> ranges = new TreeMap<>();
    return IntStream.range(0, subject.leftOut().length)
            .filter(
                i ->
                    ranges
                        .computeIfAbsent(subject.runs().get(i).kind(), kind -> range(kind, others))
                        .contains(subject.leftOut()[i]))
            .count()
        / (double) subject.leftOut().length;
  }

  private static Range range(String kind, List<SpeedResiduals> sources) {
    List<Weighted> all = new ArrayList<>();
    int runs = 0;
    for (SpeedResiduals source : sources) {
      int[] of =
          IntStream.range(0, source.runs().size()).filter(i -> is(source, i, kind)).toArray();
      runs += of.length;
      int others = source.runs().size() - of.length;
      for (int i = 0; i < source.runs().size(); i++) {
        double weight = is(source, i, kind) ? 1.0 / of.length : OTHERS / others;
        all.add(new Weighted(source.leftOut()[i], weight));
      }
    }
    all.sort(Comparator.comparingDouble(Weighted::error));
    return new Range(runs, Math.exp(quantile(all, LOW)), Math.exp(quantile(all, HIGH)));
  }

  private static boolean is(SpeedResiduals source, int run, String kind) {
    return source.runs().get(run).kind().equals(kind);
  }

  /** Between the middles of weights; the first and the last beyond them. */
  private static double quantile(List<Weighted> sorted, double fraction) {
    double total = sorted.stream().mapToDouble(Weighted::weight).sum();
    double below = 0;
    Weighted before = sorted.get(0);
    double reached = 0;
    for (Weighted each : sorted) {
      double middle = (below + each.weight() / 2) / total;
      if (middle >= fraction) {
        double share = middle == reached ? 1 : (fraction - reached) / (middle - reached);
        return before.error() + Math.max(0, share) * (each.error() - before.error());
      }
      below += each.weight();
      before = each;
      reached = middle;
    }
    return before.error();
  }
}
