package dev.vramcast.sweep.run;

import java.util.OptionalLong;

/** Is told from time to time how far a sweep is, always by the thread that started it. */
@FunctionalInterface
public interface Progress {

  /**
   * Tells.
   *
   * @param done rows, those of an earlier run included
   * @param now rows of this run
   * @param all rows; empty when not known
   * @param seconds since this run began
   */
  void at(long done, long now, OptionalLong all, double seconds);
}
