package dev.vramcast.formats.snapshot;

import dev.vramcast.core.calibration.Component;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Goes through a trace once more. What the trace does not see allocated was there before it; how
 * much that was follows from what is left at its end.
 */
final class Replay {

  /**
   * A tensor of the trace.
   *
   * @param allocate index of the event, -1 when it was there before
   * @param free index of the event, the number of events when it lives on
   */
  private record Life(Block block, int allocate, int free, List<?> freeFrames) {

    boolean holds(int index) {
      return allocate <= index && index < free;
    }
  }

  private final Device device;
  private final StackRules rules;
  private final List<Life> lives = new ArrayList<>();
  private final boolean hasStacks;

  Replay(Device device, StackRules rules) {
    this.device = device;
    this.rules = rules;
    this.hasStacks = device.trace().stream().anyMatch(event -> !event.frames().isEmpty());
    follow();
  }

  private void follow() {
    Map<Long, Integer> allocations = new HashMap<>();
    List<Event> trace = device.trace();
    for (int i = 0; i < trace.size(); i++) {
      Event event = trace.get(i);
      if (event.kind() == Event.Kind.ALLOC) {
        allocations.put(event.address(), i);
      } else if (event.kind() == Event.Kind.FREE) {
        Integer allocate = allocations.remove(event.address());
        List<?> frames = allocate == null ? List.of() : trace.get(allocate).frames();
        Block block = new Block(event.bytes(), frames);
        lives.add(new Life(block, allocate == null ? -1 : allocate, i, event.frames()));
      }
    }
    device
        .blocks()
        .forEach(
            (address, block) ->
                lives.add(
                    new Life(
                        block, allocations.getOrDefault(address, -1), trace.size(), List.of())));
  }

  /** The event after which most is allocated; -1 for the beginning. */
  int peak() {
    long[] changes = new long[device.trace().size() + 1];
    long sum = 0;
    for (Life life : lives) {
      if (life.allocate() < 0) {
        sum += life.block().bytes();
      } else {
        changes[life.allocate()] += life.block().bytes();
      }
      changes[life.free()] -= life.block().bytes();
    }
    int peak = -1;
    long highest = sum;
    for (int i = 0; i < device.trace().size(); i++) {
      sum += changes[i];
      if (sum > highest) {
        highest = sum;
        peak = i;
      }
    }
    return peak;
  }

  /** What is alive after an event, by component. */
  Map<Component, Long> alive(int index) {
    Map<Component, Long> bytes = new EnumMap<>(Component.class);
    for (Life life : lives) {
      if (life.holds(index)) {
        bytes.merge(component(life), life.block().bytes(), Long::sum);
      }
    }
    return bytes;
  }

  private Component component(Life life) {
    return rules
        .ofStack(life.block().frames())
        .or(() -> rules.ofFree(life.freeFrames()))
        .orElseGet(() -> byLife(life));
  }

  /**
   * Where stacks were recorded, what has none was made on a thread without Python, which is the
   * backward pass; what is let go but by {@code zero_grad} is no gradient of a parameter.
   */
  private Component byLife(Life life) {
    if (life.allocate() < 0) {
      return Component.BEFORE;
    }
    boolean isFreed = life.free() < device.trace().size();
    boolean hasStack = !life.block().frames().isEmpty();
    return hasStack || hasStacks && isFreed ? Component.STEP : Component.UNKNOWN;
  }

  /** The most that was reserved at any time of the trace. */
  long peakReserved() {
    long reserved = device.reservedBytes();
    long highest = reserved;
    for (int i = device.trace().size() - 1; i >= 0; i--) {
      Event event = device.trace().get(i);
      if (event.kind() == Event.Kind.SEGMENT) {
        reserved -= event.bytes();
      } else if (event.kind() == Event.Kind.SEGMENT_FREE) {
        reserved += event.bytes();
      }
      highest = Math.max(highest, reserved);
    }
    return highest;
  }

  /** How often the allocator ran out of memory. */
  long outOfMemory() {
    return device.trace().stream()
        .filter(event -> event.kind() == Event.Kind.OUT_OF_MEMORY)
        .count();
  }
}
