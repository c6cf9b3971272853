package dev.vramcast.core.allocator;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What was freed and waits for another stream, in order, with the events that FSDP1 leaves where
 * parameters are given up (torch/distributed/fsdp/_limiter_utils.py, _FreeEventQueue), and stage 3
 * of ZeRO where gradients are reduced.
 *
 * @param <T> a block
 */
public final class FreeEvents<T> {

  /**
   * {@code _max_num_inflight_all_gathers}: with so many events the process waits for the oldest.
   */
  public static final int IN_FLIGHT = 2;

  /** {@code max_param_reduce_events}: of so many reductions the process does not wait for one. */
  public static final int REDUCTIONS = 2;

  /**
   * About so many launches wait on a stream until the process waits for the next one
   * (forums.developer.nvidia.com/t/68937); each allocation of the compute stream is for one.
   */
  public static final int LAUNCHES = 1024;

  private final Deque<Freed<T>> freed = new ArrayDeque<>();
  private int events;
  private long launches;

  /**
   * A block, null for none.
   *
   * @param launch the last one before it was freed
   */
  private record Freed<T>(@Nullable T block, boolean event, long launch) {}

  /** A block of a stream that is read aside is freed. */
  public void add(T block, Stream stream) {
    freed.add(new Freed<>(block, stream.isLimited(), launches));
    events += stream.isLimited() ? 1 : 0;
  }

  /** A block of a stream is asked for: gives back what the process has then waited for. */
  public void beforeAllocation(Stream stream, Consumer<T> giveBack) {
    launched(stream, giveBack);
    if (stream.isLimited() && events >= IN_FLIGHT) {
      waitForOldest(giveBack);
    }
  }

  /** Something is launched on a stream: gives back what was freed before the oldest that waits. */
  public void launched(Stream stream, Consumer<T> giveBack) {
    if (stream.memory() != Stream.COMPUTE) {
      return;
    }
    launches++;
    Freed<T> oldest = freed.peek();
    while (oldest != null && oldest.launch() + LAUNCHES <= launches) {
      events -= oldest.event() ? 1 : 0;
      giveBack(freed.remove(), giveBack);
      oldest = freed.peek();
    }
  }

  /**
   * Gradients were reduced, which leaves an event: gives back what the process has waited for when
   * it began (deepspeed/runtime/zero/stage3.py __reduce_and_partition_ipg_grads).
   */
  public void reduced(Consumer<T> giveBack) {
    if (events > REDUCTIONS) {
      waitForOldest(giveBack);
    }
    freed.add(new Freed<>(null, true, launches));
    events++;
  }

  private void waitForOldest(Consumer<T> giveBack) {
    events--;
    boolean found = false;
    while (!found) {
      Freed<T> oldest = freed.remove();
      found = oldest.event();
      giveBack(oldest, giveBack);
    }
  }

  private static <T> void giveBack(Freed<T> freed, Consumer<T> to) {
    T block = freed.block();
    if (block != null) {
      to.accept(block);
    }
  }

  /** The process waits for all streams. */
  public void all(Consumer<T> giveBack) {
    freed.forEach(each -> giveBack(each, giveBack));
    freed.clear();
    events = 0;
  }
}
