package dev.vramcast.core.trace;

import dev.vramcast.core.trace.TraceReading.Alive;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Counts living blocks by category and name. */
final class AliveCount {

  private static final Comparator<Alive> LARGEST_FIRST =
      Comparator.comparingLong(Alive::bytes)
          .reversed()
          .thenComparing(Alive::category)
          .thenComparing(Alive::name);

  /** A hash table with open addressing, whose length is a power of two. */
  private @Nullable Sum[] table = new Sum[128];

  private int size;

  /** Blocks of one category and name. */
  private static final class Sum {
    private final String name;
    private final Category category;
    private long count;
    private long bytes;

    Sum(String name, Category category) {
      this.name = name;
      this.category = category;
    }

    boolean is(String otherName, Category otherCategory) {
      return category == otherCategory && name.equals(otherName);
    }
  }

  /** Counts allocations of a block, or frees where the number is negative. */
  void add(Block block, long allocations) {
    Sum sum = sum(block.name(), block.category());
    sum.count += allocations;
    sum.bytes += allocations * block.bytes();
  }

  private Sum sum(String name, Category category) {
    int slot = slot(name, category);
    Sum known = table[slot];
    if (known != null) {
      return known;
    }
    if (2 * size == table.length) {
      widen();
      slot = slot(name, category);
    }
    Sum sum = new Sum(name, category);
    table[slot] = sum;
    size++;
    return sum;
  }

  /** Where the sum is, or where it belongs. */
  private int slot(String name, Category category) {
    int mask = table.length - 1;
    int hash = name.hashCode() * 31 + category.ordinal();
    int slot = (hash ^ hash >>> 16) & mask;
    for (Sum sum = table[slot]; sum != null && !sum.is(name, category); sum = table[slot]) {
      slot = slot + 1 & mask;
    }
    return slot;
  }

  private void widen() {
    @Nullable Sum[] narrow = table;
    table = new Sum[2 * narrow.length];
    for (Sum sum : narrow) {
      if (sum != null) {
        table[slot(sum.name, sum.category)] = sum;
      }
    }
  }

  /** What is alive, in an order that depends on nothing else. */
  List<Alive> largestFirst() {
    List<Alive> alive = new ArrayList<>();
    for (Sum sum : table) {
      if (sum != null && sum.bytes != 0) {
        alive.add(new Alive(sum.name, sum.category, sum.count, sum.bytes));
      }
    }
    alive.sort(LARGEST_FIRST);
    return alive;
  }
}
