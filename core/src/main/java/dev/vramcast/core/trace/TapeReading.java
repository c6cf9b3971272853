package dev.vramcast.core.trace;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The highest running sum of a tape, where it falls, and what is alive there. The sum of a repeated
 * stretch changes by the same amount each turn, so its highest point is in the first or last turn.
 *
 * @param peakBytes highest running sum
 * @param peakPhase the phase in which it falls
 * @param phasePeaks highest running sum of each phase
 * @param phaseEnds running sum at the end of each phase
 * @param alive blocks alive at the peak, largest first, then by category and name
 */
public record TapeReading(
    long peakBytes,
    Phase peakPhase,
    Map<Phase, Long> phasePeaks,
    Map<Phase, Long> phaseEnds,
    List<Alive> alive) {

  /**
   * Blocks of one name, alike in category.
   *
   * @param count how many are alive
   * @param bytes of all of them
   */
  public record Alive(String name, Category category, long count, long bytes) {}

  public static TapeReading of(Tape tape) {
    Scan scan = new Scan(tape);
    scan.run();
    return new TapeReading(
        scan.peak, scan.peakPhase, scan.phasePeaks, scan.phaseEnds, alive(tape, scan));
  }

  /** Bytes alive at the peak by category; they sum to {@link #peakBytes()}. */
  public Map<Category, Long> breakdown() {
    Map<Category, Long> sums = new EnumMap<>(Category.class);
    for (Alive entry : alive) {
      sums.merge(entry.category(), entry.bytes(), Long::sum);
    }
    return sums;
  }

  private static List<Alive> alive(Tape tape, Scan scan) {
    AliveCount alive = new AliveCount();
    int end = Math.max(scan.peakIndex + 1, scan.peakRepeatEnd);
    int repeatTimes = 1;
    for (int i = 0; i < end; i++) {
      switch (tape.kind(i)) {
        case REPEAT -> repeatTimes = tape.times(i);
        case END -> repeatTimes = 1;
        case BIRTH -> alive.add(tape.block(i), turnsUntilPeak(i, repeatTimes, scan));
        case DEATH -> alive.add(tape.block(i), -turnsUntilPeak(i, repeatTimes, scan));
        case PHASE -> {}
      }
    }
    return alive.largestFirst();
  }

  private static long turnsUntilPeak(int index, int repeatTimes, Scan scan) {
    boolean peakInSameRepeat = index > scan.peakRepeatStart && index < scan.peakRepeatEnd;
    if (!peakInSameRepeat) {
      return index <= scan.peakIndex ? repeatTimes : 0;
    }
    return scan.peakTurn + (index <= scan.peakIndex ? 1 : 0);
  }

  /** One walk over the tape. */
  private static final class Scan {

    private final Tape tape;
    private final Map<Phase, Long> phasePeaks = new EnumMap<>(Phase.class);
    private final Map<Phase, Long> phaseEnds = new EnumMap<>(Phase.class);
    private long sum;
    private long peak;
    private Phase phase = Phase.LOAD;
    private long phasePeak;
    private Phase peakPhase = Phase.LOAD;
    private int peakIndex = -1;
    private int peakTurn;
    private int peakRepeatStart = -1;
    private int peakRepeatEnd = -1;

    Scan(Tape tape) {
      this.tape = tape;
    }

    void run() {
      int i = 0;
      while (i < tape.size()) {
        switch (tape.kind(i)) {
          case BIRTH -> {
            sum = Math.addExact(sum, tape.block(i).bytes());
            offer(sum, i, 0, -1, -1);
          }
          case DEATH -> sum -= tape.block(i).bytes();
          case PHASE -> begin(tape.phase(i));
          case REPEAT -> i = repeat(i);
          case END -> throw new IllegalStateException("end without a repeat");
        }
        i++;
      }
      endPhase();
    }

    private int repeat(int start) {
      int end = start + 1;
      long delta = 0;
      while (tape.kind(end) != Tape.Kind.END) {
        switch (tape.kind(end)) {
          case BIRTH -> delta = Math.addExact(delta, tape.block(end).bytes());
          case DEATH -> delta -= tape.block(end).bytes();
          case PHASE, REPEAT, END -> throw new IllegalStateException("not inside a repeat");
        }
        end++;
      }
      int turns = tape.times(start);
      int highestTurn = delta > 0 ? turns - 1 : 0;
      long inner = Math.addExact(sum, Math.multiplyExact(delta, highestTurn));
      for (int i = start + 1; i < end; i++) {
        if (tape.kind(i) == Tape.Kind.BIRTH) {
          inner = Math.addExact(inner, tape.block(i).bytes());
          offer(inner, i, highestTurn, start, end);
        } else {
          inner -= tape.block(i).bytes();
        }
      }
      sum = Math.addExact(sum, Math.multiplyExact(delta, turns));
      return end;
    }

    private void offer(long value, int index, int turn, int repeatStart, int repeatEnd) {
      if (value > phasePeak) {
        phasePeak = value;
      }
      if (value > peak) {
        peak = value;
        peakPhase = phase;
        peakIndex = index;
        peakTurn = turn;
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
