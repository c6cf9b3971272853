package dev.vramcast.core.trace;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The highest running sum of a trace, where it falls, and what is alive there. The sum of a
 * repeated stretch changes by the same amount each iteration, so its highest point is in the first
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

  public static TraceReading of(AllocationTrace trace) {
    Scan scan = new Scan(trace);
    scan.run();
    return new TraceReading(
        scan.peak,
        scan.peakPhase,
        Collections.unmodifiableMap(scan.phasePeaks),
        Collections.unmodifiableMap(scan.phaseEnds),
        List.copyOf(scan.episodes),
        alive(trace, scan));
  }

  /** Bytes alive at the peak by category; they sum to {@link #peakBytes()}. */
  public Map<Category, Long> breakdown() {
    Map<Category, Long> sums = new EnumMap<>(Category.class);
    for (Alive entry : alive) {
      sums.merge(entry.category(), entry.bytes(), Long::sum);
    }
    return sums;
  }

  private static List<Alive> alive(AllocationTrace trace, Scan scan) {
    AliveCount alive = new AliveCount();
    int end = Math.max(scan.peakIndex + 1, scan.peakRepeatEnd);
    int repeatTimes = 1;
    for (int i = 0; i < end; i++) {
      switch (trace.kind(i)) {
        case REPEAT -> repeatTimes = trace.times(i);
        case END -> repeatTimes = 1;
        case ALLOCATE -> alive.add(trace.block(i), iterationsUntilPeak(i, repeatTimes, scan));
        case FREE -> alive.add(trace.block(i), -iterationsUntilPeak(i, repeatTimes, scan));
        case PHASE -> {}
      }
    }
    return alive.largestFirst();
  }

  private static long iterationsUntilPeak(int index, int repeatTimes, Scan scan) {
    boolean peakInSameRepeat = index > scan.peakRepeatStart && index < scan.peakRepeatEnd;
    if (!peakInSameRepeat) {
      return index <= scan.peakIndex ? repeatTimes : 0;
    }
    return scan.peakIteration + (index <= scan.peakIndex ? 1L : 0L);
  }

  /** One walk over the trace. */
  private static final class Scan {

    private final AllocationTrace trace;
    private final Map<Phase, Long> phasePeaks = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> phaseEnds = new EnumMap<>(Phase.class);
    private long sum;
    private long peak;
    private Phase phase = Phase.LOAD;
    private long phasePeak;
    private final List<EpisodePeak> episodes = new ArrayList<>();
    private long episodePeak;
    private Phase episodePhase = Phase.LOAD;
    private Phase peakPhase = Phase.LOAD;
    private int peakIndex = -1;
    private int peakIteration;
    private int peakRepeatStart = -1;
    private int peakRepeatEnd = -1;

    Scan(AllocationTrace trace) {
      this.trace = trace;
    }

    void run() {
      int i = 0;
      for (AllocationTrace.Stretch stretch : trace.episodes()) {
        run(i, stretch.from());
        episodePeak = sum;
        episodePhase = phase;
        run(stretch.from(), stretch.to());
        episodes.add(new EpisodePeak(stretch.episode(), episodePeak, episodePhase));
        i = stretch.to();
      }
      run(i, trace.size());
      endPhase();
    }

    private void run(int from, int to) {
      int i = from;
      while (i < to) {
        switch (trace.kind(i)) {
          case ALLOCATE -> {
            sum = Math.addExact(sum, trace.block(i).bytes());
            offer(sum, i, 0, -1, -1);
          }
          case FREE -> sum -= trace.block(i).bytes();
          case PHASE -> begin(trace.phase(i));
          case REPEAT -> i = repeat(i);
          case END -> throw new IllegalStateException("end without a repeat");
        }
        i++;
      }
    }

    private int repeat(int start) {
      int end = start + 1;
      long delta = 0;
      while (trace.kind(end) != AllocationTrace.Kind.END) {
        switch (trace.kind(end)) {
          case ALLOCATE -> delta = Math.addExact(delta, trace.block(end).bytes());
          case FREE -> delta -= trace.block(end).bytes();
          case PHASE, REPEAT, END -> throw new IllegalStateException("not inside a repeat");
        }
        end++;
      }
      int iterations = trace.times(start);
      int highestIteration = delta > 0 ? iterations - 1 : 0;
      long inner = Math.addExact(sum, Math.multiplyExact(delta, highestIteration));
      for (int i = start + 1; i < end; i++) {
        if (trace.kind(i) == AllocationTrace.Kind.ALLOCATE) {
          inner = Math.addExact(inner, trace.block(i).bytes());
          offer(inner, i, highestIteration, start, end);
        } else {
          inner -= trace.block(i).bytes();
        }
      }
      sum = Math.addExact(sum, Math.multiplyExact(delta, iterations));
      return end;
    }

    private void offer(long value, int index, int iteration, int repeatStart, int repeatEnd) {
      if (value > phasePeak) {
        phasePeak = value;
      }
      if (value > episodePeak) {
        episodePeak = value;
        episodePhase = phase;
      }
      if (value > peak) {
        peak = value;
        peakPhase = phase;
        peakIndex = index;
        peakIteration = iteration;
        peakRepeatStart = repeatStart;
        peakRepeatEnd = repeatEnd;
      }
    }

    private void begin(Phase next) {
      endPhase();
      phase = next;
      phasePeak = sum;
    }

    private void endPhase() {
      phasePeaks.merge(phase, phasePeak, Math::max);
      phaseEnds.put(phase, sum);
    }
  }
}
