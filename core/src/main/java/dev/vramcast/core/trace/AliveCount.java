package dev.vramcast.core.trace;

import dev.vramcast.core.trace.TraceReading.Alive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Counts living blocks by category and name. */
final class AliveCount {

  private static final Category[] CATEGORIES = Category.values();

  private static final Comparator<Alive> LARGEST_FIRST =
      Comparator.comparingLong(Alive::bytes)
          .reversed()
          .thenComparing(Alive::category)
          .thenComparing(Alive::name);

  private final List<Map<String, Sum>> sums = new ArrayList<>(CATEGORIES.length);

  private static final class Sum {
    private long count;
    private long bytes;
  }

  AliveCount() {
    for (int i = 0; i < CATEGORIES.length; i++) {
      sums.add(new HashMap<>());
    }
  }

  /** Counts allocations of a block, or frees where the number is negative. */
  void add(Block block, long allocations) {
    Sum sum = sums.get(block.category().ordinal()).computeIfAbsent(block.name(), n -> new Sum());
    sum.count += allocations;
    sum.bytes += allocations * block.bytes();
  }

  /** What is alive, in an order that depends on nothing else. */
  List<Alive> largestFirst() {
    List<Alive> alive = new ArrayList<>();
    for (Category category : CATEGORIES) {
      sums.get(category.ordinal())
          .forEach(
              (name, sum) -> {
                if (sum.bytes != 0) {
                  alive.add(new Alive(name, category, sum.count, sum.bytes));
                }
              });
    }
    alive.sort(LARGEST_FIRST);
    return alive;
  }
}
