package dev.tunefit.sweep.run;

import dev.tunefit.sweep.RowEstimator;
import dev.tunefit.sweep.RowSink;
import java.io.IOException;

/** Rows that stand together in the table. */
public interface Part {

  /** Which part of the table, counted from 0. */
  int number();

  /** How many rows it has. */
  long rows();

  /** Estimates them. */
  void deliver(RowEstimator estimator, RowSink sink) throws IOException;
}
