package dev.vramcast.validation.range;

import dev.vramcast.core.range.ErrorRange;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Measurements that one range is made from.
 *
 * <p>Sources count alike, so that hundreds of runs from one hand do not set the range; one with
 * fewer than {@value #ROWS} runs counts by its runs.
 *
 * <p>The ends are the 5 % and 95 % quantiles with the correction of split conformal prediction: the
 * run to come is counted as one more, beyond either end. With equal weights that is the ⌈0.95 (n +
 * 1)⌉-th smallest of n (Vovk, Gammerman, Shafer, Algorithmic Learning in a Random World, 2005).
 * Here n is the effective number of runs, (Σ w)² / Σ w² (Kish, Survey Sampling, 1965).
 */
final class ErrorPool {

  /** Runs of a source that count; one more than the fewest that a tail of 5 % can be read from. */
  private static final int ROWS = 20;

  /** A range for runs of an unknown source is not learnt from fewer than this. */
  private static final int SOURCES = 4;

  private static final double TAIL = (1 - ErrorRange.SHARE) / 2;
  private static final double ROUNDING = 1e-9;

  private record Weighted(double ratio, double weight) {}

  private final List<Measurement> measurements;
  private final Set<String> sources = new TreeSet<>();
  private final List<Weighted> rising = new ArrayList<>();
  private final double total;
  private final double next;

  /** Takes what is informative. */
  ErrorPool(Collection<Measurement> all) {
    measurements = all.stream().filter(Measurement::isInformative).toList();
    Map<String, Integer> counts = new HashMap<>();
    measurements.forEach(measurement -> counts.merge(measurement.source(), 1, Integer::sum));
    sources.addAll(counts.keySet());
    double sum = 0;
    double squares = 0;
    for (Measurement measurement : measurements) {
      int count = Objects.requireNonNull(counts.get(measurement.source()));
      double weight = (double) Math.min(count, ROWS) / count;
      rising.add(new Weighted(measurement.ratio(), weight));
      sum += weight;
      squares += weight * weight;
    }
    rising.sort(Comparator.comparingDouble(Weighted::ratio));
    total = sum;
    next = measurements.isEmpty() ? 0 : squares / sum;
  }

  int size() {
    return measurements.size();
  }

  Set<String> sources() {
    return sources;
  }

  ErrorPool without(String source) {
    return new ErrorPool(measurements.stream().filter(t -> !t.source().equals(source)).toList());
  }

  /** Empty when there are too few runs or sources to say so much. */
  Optional<ErrorRange> range() {
    if (sources.size() < SOURCES || next > tail()) {
      return Optional.empty();
    }
    List<Weighted> falling = new ArrayList<>(rising);
    falling.sort(Comparator.comparingDouble(Weighted::ratio).reversed());
    return Optional.of(
        new ErrorRange(
            Math.min(1, Math.floor(end(rising) * 1e6) / 1e6),
            Math.max(1, Math.ceil(end(falling) * 1e6) / 1e6)));
  }

  /** The weight that may lie beyond one end. */
  private double tail() {
    return TAIL * (total + next) + ROUNDING;
  }

  /** The first ratio from outside beyond which, itself included, lies more than the tail. */
  private double end(List<Weighted> inwards) {
    double beyond = next;
    for (Weighted each : inwards) {
      beyond += each.weight();
      if (beyond > tail()) {
        return each.ratio();
      }
    }
    throw new IllegalStateException("the tail is longer than the pool");
  }
}
