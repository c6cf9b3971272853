package dev.tunefit.sweep;

import java.io.IOException;

/** Takes rows one by one. */
@FunctionalInterface
public interface RowSink {

  void row(SweepResult row) throws IOException;
}
