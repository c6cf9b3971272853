package dev.vramcast.core.allocator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * What was freed and waits for another stream, in order, with the events that FSDP1 leaves where
 * parameters are given up (torch/distributed/fsdp/_limiter_utils.py, _FreeEventQueue).
 *
 * @param <T> a block
 */
public final class FreeEvents<T> {

  /**
   * {@code _max_num_inflight_all_gathers}: with so many events the process waits for the oldest.
   */
  public static final int IN_FLIGHT = 2;

  private final Deque<Freed<T>> freed = new ArrayDeque<>();
  private int events;

  private record Freed<T>(T block, boolean event) {}

  /** A block of a stream that is read aside is freed. */
  public void add(T block, Stream stream) {
    freed.add(new Freed<>(block, stream.isLimited()));
    events += stream.isLimited() ? 1 : 0;
  }

  /** A block of a stream is asked for: gives back what the process has then waited for. */
  public void beforeAllocation(Stream stream, Consumer<T> giveBack) {
    if (stream.isLimited() && events >= IN_FLIGHT) {
      events--;
      Freed<T> oldest = freed.remove();
      while (!oldest.event()) {
        giveBack.accept(oldest.block());
        oldest = freed.remove();
      }
      giveBack.accept(oldest.block());
    }
  }

  /** The process waits for all streams. */
  public void all(Consumer<T> giveBack) {
    freed.forEach(each -> giveBack.accept(each.block()));
    freed.clear();
    events = 0;
  }
}
