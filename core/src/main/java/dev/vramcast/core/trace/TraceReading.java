package dev.vramcast.core.trace;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The highest running sum of a trace, where it falls, and what is alive there. The sum of a
 * repeated section changes by the same amount each iteration, so its highest point is in the first
 * or last iteration.
 *
 * @param peakBytes highest running sum
 * @param peakPhase the phase in which it falls
 * @param phasePeaks highest running sum of each phase
 * @param phaseEnds running sum at the end of each phase
 * @param episodes highest running sum of each episode, in their order
 * @param alive blocks alive at the peak, largest first, then by category and name
 */
public record TraceReading(
    long peakBytes,
    Phase peakPhase,
    Map<Phase, Long> phasePeaks,
    Map<Phase, Long> phaseEnds,
    List<EpisodePeak> episodes,
    List<Alive> alive) {

  /**
   * Blocks of one name, alike in category.
   *
   * @param count how many are alive
   * @param bytes of all of them
   */
  public record Alive(String name, Category category, long count, long bytes) {}

  /** The highest running sum of a trace, where nothing else of it is asked for. */
  public static long peakBytes(AllocationTrace trace) {
    return PeakScan.of(trace, null).peak;
  }

  public static TraceReading of(AllocationTrace trace) {
    PeakScan scan = PeakScan.of(trace, null);
    AliveCount alive = new AliveCount();
    scan.forEachAlive(alive::add);
    return new TraceReading(
        scan.peak,
        scan.peakPhase,
        Collections.unmodifiableMap(scan.phasePeaks()),
        Collections.unmodifiableMap(scan.phaseEnds()),
        List.copyOf(scan.episodes),
        alive.largestFirst());
  }

  /** Bytes alive at the peak by category; they sum to {@link #peakBytes()}. */
  public Map<Category, Long> breakdown() {
    Map<Category, Long> sums = new EnumMap<>(Category.class);
    for (Alive entry : alive) {
      sums.merge(entry.category(), entry.bytes(), Long::sum);
    }
    return sums;
  }
}
