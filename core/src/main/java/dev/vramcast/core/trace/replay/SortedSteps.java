package dev.vramcast.core.trace.replay;

import java.util.Arrays;
import java.util.List;

/**
 * Sorts the operations of steps by lanes, one step after the other. A step is not sorted where it
 * asks the same of the same pools as the one before.
 */
final class SortedSteps {

  private final StepOperations operations;
  private final Lanes lanes;

  /** What is sorted now, and the pools by which it is. */
  private List<int[]> pieces = List.of();

  private int[] pools = new int[0];

  /** Whether the last step left all places in the lanes in which they were before it. */
  private boolean repeats;

  SortedSteps(StepOperations operations, Lanes lanes) {
    this.operations = operations;
    this.lanes = lanes;
  }

  /**
   * Sorts a step into the lanes; the first is 0, and each follows the one before.
   *
   * @param ofBlocks their pools, by number of the block
   */
  void sort(int step, int[] ofBlocks) {
    List<int[]> next = operations.step(step);
    if (repeats && next == pieces && Arrays.equals(ofBlocks, pools)) {
      return;
    }
    Lanes before = lanes.copy();
    lanes.clear();
    next.forEach(piece -> lanes.sort(piece, ofBlocks));
    repeats = lanes.areAs(before);
    pieces = next;
    pools = ofBlocks;
  }
}
