package dev.vramcast.core.shard.zero;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/** Sizes of parameters in the order of the model; equal layers are kept once. */
final class ParameterOrder {

  private final List<Run> runs = new ArrayList<>();

  /** Sizes that follow each other, all of them so many times over. */
  private record Run(List<Long> sizes, int times) {

    long period() {
      return sizes.stream().mapToLong(Long::longValue).sum();
    }

    long total() {
      return period() * times;
    }
  }

  /**
   * Appends a parameter.
   *
   * @param times equal layers that have one like it
   */
  void add(long elements, int times) {
    Run last = runs.isEmpty() ? null : runs.get(runs.size() - 1);
    if (last == null || last.times() != times) {
      last = new Run(new ArrayList<>(), times);
      runs.add(last);
    }
    last.sizes().add(elements);
  }

  long total() {
    return runs.stream().mapToLong(Run::total).sum();
  }

  long largest() {
    return runs.stream()
        .flatMap(run -> run.sizes().stream())
        .mapToLong(Long::longValue)
        .max()
        .orElse(0);
  }

  /** Elements of the shortest head of the list that has at least so many, or of all of it. */
  long atLeast(long limit) {
    long sum = 0;
    for (Run run : runs) {
      if (sum + run.total() < limit) {
        sum += run.total();
        continue;
      }
      sum += Math.max(0, (limit - sum - 1) / run.period()) * run.period();
      for (long size : run.sizes()) {
        if (sum >= limit) {
          return sum;
        }
        sum += size;
      }
      return sum;
    }
    return sum;
  }

  /** Elements of the shortest tail of the list that has at least so many, or of all of it. */
  long lastAtLeast(long limit) {
    long sum = 0;
    for (int i = runs.size() - 1; i >= 0 && sum < limit; i--) {
      Run run = runs.get(i);
      if (sum + run.total() < limit) {
        sum += run.total();
        continue;
      }
      sum += (limit - sum - 1) / run.period() * run.period();
      for (int j = run.sizes().size() - 1; j >= 0 && sum < limit; j--) {
        sum += run.sizes().get(j);
      }
    }
    return sum;
  }

  /** The largest of a tail as {@link #lastAtLeast}, of which so many elements at most count. */
  long largestOfLast(long limit) {
    long sum = 0;
    long largest = 0;
    for (int i = runs.size() - 1; i >= 0 && sum < limit; i--) {
      Run run = runs.get(i);
      for (int layer = 0; layer < run.times() && sum < limit; layer++) {
        for (int j = run.sizes().size() - 1; j >= 0 && sum < limit; j--) {
          largest = Math.max(largest, Math.min(run.sizes().get(j), limit - sum));
          sum += run.sizes().get(j);
        }
      }
    }
    return largest;
  }

  /** Goes through all of them. */
  void forEach(LongConsumer each) {
    for (Run run : runs) {
      for (int layer = 0; layer < run.times(); layer++) {
        run.sizes().forEach(each::accept);
      }
    }
  }
}
