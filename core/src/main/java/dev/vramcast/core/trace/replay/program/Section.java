package dev.vramcast.core.trace.replay.program;

import org.jspecify.annotations.Nullable;

/**
 * Operations of a program from one index up to another, which run so many times; or a mark.
 *
 * @param whileLives number of the block without which it does not run; negative where it always
 *     does
 * @param instead for each operation that frees a block in the last iteration alone: what earlier
 *     ones free in its place, for the backward pass begins with the last of equal layers, whose
 *     inputs the forward pass made in a section, and ends with the first, whose input came from
 *     before it; null where no operation does
 * @param made for each operation that frees a block from before the section: what the iteration has
 *     made by then and not freed, of which the iteration before made what goes; null where no
 *     operation does
 */
public record Section(
    int from,
    int to,
    int times,
    int whileLives,
    int @Nullable [] @Nullable [] instead,
    int @Nullable [] @Nullable [] made) {

  /** Stands between the steps, where gradients are dropped. */
  public static final Section DROP_GRADIENTS = mark(-1);

  /**
   * Behind a backward pass, where a trainer asks for the value of the loss: the process waits for
   * all streams (transformers/trainer.py, {@code logging_nan_inf_filter}).
   */
  public static final Section WAIT = mark(-2);

  /** Before a backward pass that takes earlier gradients in the order in which they were made. */
  public static final Section REVERSE_GRADIENTS = mark(-3);

  private static Section mark(int number) {
    return of(number, number, 1);
  }

  /** Operations that free nothing but what is there. */
  static Section of(int from, int to, int times) {
    return new Section(from, to, times, -1, null, null);
  }

  /** The same, which runs only while a block lives. */
  Section whileLives(int number) {
    return new Section(from, to, times, number, instead, made);
  }

  /** Operations of one iteration. */
  public int length() {
    return to - from;
  }

  /** Whether this is {@link #DROP_GRADIENTS}. */
  public boolean dropsGradients() {
    return from == DROP_GRADIENTS.from;
  }

  /** Whether this is {@link #WAIT}. */
  public boolean waits() {
    return from == WAIT.from;
  }

  /** Whether this is {@link #REVERSE_GRADIENTS}. */
  public boolean reversesGradients() {
    return from == REVERSE_GRADIENTS.from;
  }
}
