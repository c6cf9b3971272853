package dev.vramcast.sweep;

/** What an estimator has done, to tell how much rows had in common. Of one thread. */
public final class Counters {

  private long rows;
  private long traces;

  void row() {
    rows++;
  }

  void trace() {
    traces++;
  }

  /** Rows that were estimated, those with an error included. */
  public long rows() {
    return rows;
  }

  /** Distinct estimates: training steps that were written out and replayed. */
  public long traces() {
    return traces;
  }
}
