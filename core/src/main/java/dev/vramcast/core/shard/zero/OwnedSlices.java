package dev.vramcast.core.shard.zero;

import java.util.ArrayList;
import java.util.List;

/**
 * Gradients in the order in which they are reduced, as slices by the rank that they belong to;
 * neighbours of one rank are one (deepspeed/runtime/zero/stage_1_and_2.py average_tensor).
 */
final class OwnedSlices {

  private final List<Long> slices = new ArrayList<>();
  private long owner = -1;

  /**
   * Adds a gradient.
   *
   * @param part elements of a group that each rank has
   * @param from elements of its group before it
   */
  void add(long part, long from, long elements) {
    long end = from + elements;
    for (long begin = from; begin < end; ) {
      long rank = begin / part;
      long next = Math.min(end, (rank + 1) * part);
      add(rank, next - begin);
      begin = next;
    }
  }

  private void add(long rank, long elements) {
    if (rank == owner) {
      slices.add(slices.remove(slices.size() - 1) + elements);
    } else {
      slices.add(elements);
      owner = rank;
    }
  }

  /**
   * Elements of the largest copy in which slices are put together: as many as are more than a
   * bucket, or all that are left. One alone is reduced where it is, since a single tensor is
   * flattened without a copy (allreduce_and_scatter).
   *
   * @param bucket in elements
   */
  long largestCopy(long bucket) {
    long largest = 0;
    long together = 0;
    int count = 0;
    for (long slice : slices) {
      together += slice;
      count++;
      if (count > 1) {
        largest = Math.max(largest, together);
      }
      if (together > bucket) {
        together = 0;
        count = 0;
      }
    }
    return largest;
  }
}
