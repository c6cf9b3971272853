package dev.vramcast.core.trace;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/** One walk over a trace: running sums, and where the highest of them is. */
final class PeakScan {

  private static final Phase[] PHASES = Phase.values();

  private final AllocationTrace trace;
  private final @Nullable Phase only;
  private final long[] phasePeaks = new long[PHASES.length];
  private final long[] phaseEnds = new long[PHASES.length];
  private final boolean[] ran = new boolean[PHASES.length];
  private long sum;
  long peak;
  private Phase phase = Phase.LOAD;
  private long phasePeak;
  final List<EpisodePeak> episodes = new ArrayList<>();
  private long episodePeak;
  private Phase episodePhase = Phase.LOAD;
  Phase peakPhase = Phase.LOAD;
  private int peakIndex = -1;
  private int peakIteration;
  private int peakRepeatStart = -1;
  private int peakRepeatEnd = -1;

  private PeakScan(AllocationTrace trace, @Nullable Phase only) {
    this.trace = trace;
    this.only = only;
  }

  /**
   * The scan of a trace.
   *
   * @param only the phase whose peak is looked for; null for the highest of all
   */
  static PeakScan of(AllocationTrace trace, @Nullable Phase only) {
    PeakScan scan = new PeakScan(trace, only);
    scan.run();
    return scan;
  }

  private void run() {
    int i = 0;
    for (AllocationTrace.EpisodeEntries entries : trace.episodes()) {
      run(i, entries.from());
      episodePeak = sum;
      episodePhase = phase;
      run(entries.from(), entries.to());
      episodes.add(new EpisodePeak(entries.episode(), episodePeak, episodePhase));
      i = entries.to();
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
        case PHASE -> begin(trace.phase(i), i);
        case REPEAT -> i = repeat(i);
        case END -> throw new IllegalStateException("end without a repeat");
      }
      i++;
    }
  }

  /** The highest point is at the same entry in every iteration. */
  private int repeat(int start) {
    long inner = 0;
    long highest = Long.MIN_VALUE;
    int at = -1;
    int end = start + 1;
    while (trace.kind(end) != AllocationTrace.Kind.END) {
      switch (trace.kind(end)) {
        case ALLOCATE -> {
          inner = Math.addExact(inner, trace.block(end).bytes());
          if (inner > highest) {
            highest = inner;
            at = end;
          }
        }
        case FREE -> inner -= trace.block(end).bytes();
        case PHASE, REPEAT, END -> throw new IllegalStateException("not inside a repeat");
      }
      end++;
    }
    int iterations = trace.times(start);
    if (at >= 0) {
      int iteration = inner > 0 ? iterations - 1 : 0;
      long before = Math.addExact(sum, Math.multiplyExact(inner, iteration));
      offer(Math.addExact(before, highest), at, iteration, start, end);
    }
    sum = Math.addExact(sum, Math.multiplyExact(inner, iterations));
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
    if (value > peak && (only == null || phase == only)) {
      highest(value, index, iteration, repeatStart, repeatEnd);
    }
  }

  private void highest(long value, int index, int iteration, int repeatStart, int repeatEnd) {
    peak = value;
    peakPhase = phase;
    peakIndex = index;
    peakIteration = iteration;
    peakRepeatStart = repeatStart;
    peakRepeatEnd = repeatEnd;
  }

  /** Tells how often each block was allocated until the peak; frees are told as less than none. */
  void forEachAlive(ObjLongConsumer<Block> alive) {
    int end = Math.max(peakIndex + 1, peakRepeatEnd);
    long[] counts = new long[end];
    int repeatTimes = 1;
    for (int i = 0; i < end; i++) {
      switch (trace.kind(i)) {
        case REPEAT -> repeatTimes = trace.times(i);
        case END -> repeatTimes = 1;
        case ALLOCATE -> counts[i] += iterationsUntilPeak(i, repeatTimes);
        case FREE -> counts[trace.allocation(i)] -= iterationsUntilPeak(i, repeatTimes);
        case PHASE -> {}
      }
    }
    for (int i = 0; i < end; i++) {
      if (counts[i] != 0) {
        alive.accept(trace.block(i), counts[i]);
      }
    }
  }

  private long iterationsUntilPeak(int index, int repeatTimes) {
    boolean peakInSameRepeat = index > peakRepeatStart && index < peakRepeatEnd;
    if (!peakInSameRepeat) {
      return index <= peakIndex ? repeatTimes : 0;
    }
    return peakIteration + (index <= peakIndex ? 1L : 0L);
  }

  private void begin(Phase next, int index) {
    endPhase();
    phase = next;
    phasePeak = sum;
    if (next == only && sum > peak) {
      highest(sum, index, 0, -1, -1);
    }
  }

  private void endPhase() {
    int i = phase.ordinal();
    phasePeaks[i] = ran[i] ? Math.max(phasePeaks[i], phasePeak) : phasePeak;
    phaseEnds[i] = sum;
    ran[i] = true;
  }

  /** Highest running sum of each phase that ran. */
  Map<Phase, Long> phasePeaks() {
    return ofThoseThatRan(phasePeaks);
  }

  /** Running sum at the end of each phase that ran. */
  Map<Phase, Long> phaseEnds() {
    return ofThoseThatRan(phaseEnds);
  }

  private Map<Phase, Long> ofThoseThatRan(long[] bytes) {
    Map<Phase, Long> all = new EnumMap<>(Phase.class);
    for (int i = 0; i < PHASES.length; i++) {
      if (ran[i]) {
        all.put(PHASES[i], bytes[i]);
      }
    }
    return all;
  }
}
