package dev.vramcast.core.input;

/** Lets whoever waits for a long computation end it, by interrupting its thread. */
public final class Interruption {

  private Interruption() {}

  /**
   * Ends the computation when its thread was interrupted.
   *
   * @throws EndedException then
   */
  public static void check() {
    if (Thread.currentThread().isInterrupted()) {
      throw new EndedException();
    }
  }
}
