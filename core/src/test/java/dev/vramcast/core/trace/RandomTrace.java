package dev.vramcast.core.trace;

import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A trace up to the random choices, on which only what is alive is freed, and the same events
 * written out.
 */
final class RandomTrace {

  /**
   * One thing that happens; in a trace written out every iteration of a section is there.
   *
   * @param allocations 1 for an allocation, -1 for a free, 0 where a phase begins
   */
  record Event(int allocations, Block block, Phase phase) {}

  private static final String[] NAMES = {"weights", "gradient", "copy", "scores"};

  private final Random random;
  private final AllocationTrace.Writer writer = new AllocationTrace.Writer();
  private final Map<Block, Integer> living = new LinkedHashMap<>();
  private final List<Event> events = new ArrayList<>();
  private List<Event> writtenTo = events;

  RandomTrace(long seed) {
    random = new Random(seed);
    for (Phase phase : Phase.values()) {
      writer.phase(phase);
      events.add(new Event(0, null, phase));
      for (int i = random.nextInt(8); i > 0; i--) {
        if (random.nextInt(3) == 0) {
          section(1 + random.nextInt(5));
        } else {
          allocateOrFree(1, living);
        }
      }
    }
  }

  AllocationTrace trace() {
    return writer.finish();
  }

  List<Event> writtenOut() {
    return events;
  }

  private void section(int iterations) {
    List<Event> iteration = new ArrayList<>();
    writtenTo = iteration;
    writer.repeat(
        iterations,
        () -> {
          Map<Block, Integer> ofThisIteration = new LinkedHashMap<>();
          for (int i = random.nextInt(8); i > 0; i--) {
            boolean inside = random.nextBoolean();
            allocateOrFree(inside ? 1 : iterations, inside ? ofThisIteration : living);
          }
          ofThisIteration.forEach(
              (block, count) -> living.merge(block, count * iterations, Integer::sum));
        });
    writtenTo = events;
    for (int i = 0; i < iterations; i++) {
      events.addAll(iteration);
    }
  }

  /** An allocation, or the free of a block of which as many as {@code copies} live. */
  private void allocateOrFree(int copies, Map<Block, Integer> among) {
    List<Block> mortal = new ArrayList<>();
    among.forEach(
        (block, count) -> {
          if (count >= copies) {
            mortal.add(block);
          }
        });
    if (mortal.isEmpty() || random.nextInt(5) < 3) {
      Block block = block();
      among.merge(block, copies, Integer::sum);
      writer.allocate(block);
      writtenTo.add(new Event(1, block, null));
    } else {
      Block block = mortal.get(random.nextInt(mortal.size()));
      among.merge(block, -copies, Integer::sum);
      writer.free(block);
      writtenTo.add(new Event(-1, block, null));
    }
  }

  /** Few names and sizes, so that many are alike. */
  private Block block() {
    Category category = Category.values()[random.nextInt(Category.values().length)];
    return new Block(
        NAMES[random.nextInt(NAMES.length)], category, DataType.UINT8, 512L * random.nextInt(6));
  }
}
