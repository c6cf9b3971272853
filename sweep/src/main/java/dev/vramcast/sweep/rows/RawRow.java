package dev.vramcast.sweep.rows;

import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.SweepResult;

/** A row as it stands in a file, which is understood by the thread that estimates it. */
public interface RawRow {

  /** What it takes to keep it, roughly. */
  int bytes();

  SweepResult estimate(RowEstimator estimator);
}
