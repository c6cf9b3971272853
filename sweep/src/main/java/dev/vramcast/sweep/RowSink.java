package dev.vramcast.sweep;

import java.io.IOException;

/** Takes rows one by one. */
@FunctionalInterface
public interface RowSink {

  void row(SweepResult row) throws IOException;
}
