package dev.vramcast.sweep.run;

import dev.vramcast.sweep.RowEstimator;
import dev.vramcast.sweep.RowSink;
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
