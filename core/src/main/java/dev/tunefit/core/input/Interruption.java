package dev.tunefit.core.input;

import java.util.concurrent.CancellationException;

/** Lets whoever waits for a long computation end it, by interrupting its thread. */
public final class Interruption {

  private Interruption() {}

  /**
   * Ends the computation when its thread was interrupted.
   *
   * @throws CancellationException then
   */
  public static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new CancellationException("interrupted");
    }
  }
}
