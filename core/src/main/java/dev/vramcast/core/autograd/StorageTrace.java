package dev.vramcast.core.autograd;

import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTraces;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The traces as the graph writes them: allocations and frees of storages, in sections that repeat.
 */
final class StorageTrace {

  /** Entries of the machine's memory as a rule: the episodes' phases, and no tensor. */
  private static final int HOST_ENTRIES = 16;

  private final AllocationTrace.Writer device = new AllocationTrace.Writer();
  private final AllocationTrace.Writer host = new AllocationTrace.Writer(HOST_ENTRIES);
  private final List<Storage> dyingAfterRepeat = new ArrayList<>();
  private int iterations = 1;
  private boolean usesHost;

  /** Whether what is allocated now can leave the device and come back. */
  private boolean noting;

  private final List<Noted> noted = new ArrayList<>();

  /**
   * A storage that can leave the device and come back.
   *
   * @param times how many equal ones there are
   */
  private record Noted(Storage storage, int times) {}

  /** Bytes on the device, but for what an optimizer keeps from step to step. */
  private long live;

  void episode(Episode episode) {
    device.episode(episode);
    host.episode(episode);
  }

  void phase(Phase phase) {
    device.phase(phase);
    host.phase(phase);
  }

  void allocate(Storage storage) {
    usesHost |= storage.space().isHost();
    of(storage).allocate(storage);
    count(storage, iterations);
    if (noting && !storage.space().isHost()) {
      noted.add(new Noted(storage, iterations));
    }
  }

  /** What {@code body} allocates and leaves on the device can leave it and come back. */
  void noting(Runnable body) {
    noting = true;
    body.run();
    noting = false;
  }

  /** What was noted leaves the device: its cache is empty behind it. */
  void leave() {
    for (Noted each : noted) {
      repeat(each.times(), () -> device.free(each.storage()));
      count(each.storage(), -each.times());
    }
  }

  /** What has left comes back. */
  void comeBack() {
    for (Noted each : noted) {
      repeat(each.times(), () -> device.allocate(each.storage()));
      count(each.storage(), each.times());
    }
  }

  private void count(Storage storage, int times) {
    if (!storage.space().isHost() && storage.category() != Category.OPTIMIZER) {
      live += times * storage.bytes();
    }
  }

  /** What is on the device when a step begins or runs, without the optimizer's states. */
  long liveBytes() {
    return live;
  }

  /** Whether anything was allocated in the machine's memory. */
  boolean usesHost() {
    return usesHost;
  }

  /** What every iteration of a repeated section reads is freed once, after the last iteration. */
  void free(Storage storage) {
    if (storage.shared && insideRepeat()) {
      dyingAfterRepeat.add(storage);
    } else {
      of(storage).free(storage);
      count(storage, -iterations);
      if (noting) {
        noted.removeIf(each -> each.storage() == storage);
      }
    }
  }

  /** {@code body} writes a micro-batch before the last of a step, which is not on the traces. */
  void earlier(Runnable body) {
    long before = live;
    device.earlier(() -> host.earlier(body));
    live = before;
  }

  /** {@code body} writes the first micro-batch of a run, which is not on the traces. */
  void opening(Runnable body) {
    long before = live;
    device.opening(() -> host.opening(body));
    live = before;
  }

  void statesMade() {
    device.statesMade();
  }

  /** What {@code body} writes is made anew in the second step, in the place of the first. */
  void renewed(Runnable first, Runnable body) {
    long before = live;
    device.renewed(
        () -> {
          first.run();
          live = before;
        },
        body);
  }

  private AllocationTrace.Writer of(Storage storage) {
    return storage.space().isHost() ? host : device;
  }

  void repeat(int count, Runnable body) {
    if (count == 1) {
      body.run();
      return;
    }
    iterations = count;
    device.repeat(count, () -> host.repeat(count, body));
    endRepeat();
  }

  /** As {@link #repeat(int, Runnable)}, with what {@code body} gives. */
  <T> T repeat(int count, Supplier<T> body) {
    if (count == 1) {
      return body.get();
    }
    iterations = count;
    T result = device.repeat(count, () -> host.repeat(count, body));
    endRepeat();
    return result;
  }

  private void endRepeat() {
    iterations = 1;
    dyingAfterRepeat.forEach(storage -> of(storage).free(storage));
    dyingAfterRepeat.clear();
  }

  /** How often what is written now happens. */
  int iterations() {
    return iterations;
  }

  boolean insideRepeat() {
    return iterations > 1;
  }

  StepTraces finish() {
    return new StepTraces(device.finish(), host.finish());
  }
}
