package dev.vramcast.sweep.run;

import java.util.Map;

/**
 * What a sweep did.
 *
 * @param rows that were estimated now
 * @param kept rows that were there already
 * @param read rows that the input had, which are as many as both together
 * @param unanswered of the estimated ones, those without an estimate, whose error says why
 * @param traces distinct estimates: training steps that were written out and replayed
 * @param verdicts how often each came about
 * @param reasons why rows, or parts of them, are empty
 */
public record Summary(
    long rows,
    long kept,
    long read,
    long unanswered,
    long traces,
    Map<String, Long> verdicts,
    Map<String, Long> reasons,
    Used used) {

  /**
   * What it took.
   *
   * @param threads that worked
   * @param peakHeapBytes the most of Java's heap that was in use, garbage included
   */
  public record Used(double seconds, int threads, long peakHeapBytes) {}

  public Summary {
    verdicts = Map.copyOf(verdicts);
    reasons = Map.copyOf(reasons);
  }

  /** Whether all rows that there were came to nothing. */
  public boolean answersNone() {
    return rows > 0 && kept == 0 && unanswered == rows;
  }
}
