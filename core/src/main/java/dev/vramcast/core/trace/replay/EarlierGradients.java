package dev.vramcast.core.trace.replay;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The gradients that earlier micro-batches left, which a trace of a later one begins with. The
 * first micro-batch of a step finds none: {@code AccumulateGrad} keeps there, as the gradient, what
 * it adds to it later and frees (torch/csrc/autograd/functions/accumulate_grad.h).
 */
final class EarlierGradients {

  /** A block, and how often the section runs in which it is allocated. */
  record Repeated(Block block, int times) {}

  private final List<Repeated> gradients = new ArrayList<>();
  private final Map<Long, Integer> missing = new HashMap<>();
  private final Set<Block> kept = Collections.newSetFromMap(new IdentityHashMap<>());
  private boolean reduced;

  /**
   * Those that are allocated before the passes of a step.
   *
   * @param passes index of the first entry of the passes
   * @param update index of the first entry behind them
   */
  static EarlierGradients of(AllocationTrace trace, int passes, int update) {
    EarlierGradients earlier = new EarlierGradients();
    int times = 1;
    for (int i = 0; i < passes; i++) {
      switch (trace.kind(i)) {
        case REPEAT -> times = trace.times(i);
        case END -> times = 1;
        case ALLOCATE -> earlier.add(trace.block(i), times);
        case FREE, PHASE -> {}
      }
    }
    earlier.reduced = earlier.freedIn(trace, passes, update);
    earlier.find(trace, passes, update);
    return earlier;
  }

  private boolean freedIn(AllocationTrace trace, int from, int to) {
    Set<Block> blocks = Collections.newSetFromMap(new IdentityHashMap<>());
    gradients.forEach(gradient -> blocks.add(gradient.block()));
    for (int i = from; i < to; i++) {
      if (trace.kind(i) == AllocationTrace.Kind.FREE && blocks.contains(trace.block(i))) {
        return true;
      }
    }
    return false;
  }

  private void add(Block block, int times) {
    if (isOne(block)) {
      gradients.add(new Repeated(block, times));
      missing.merge(block.bytes(), times, Integer::sum);
    }
  }

  /**
   * Whether there are some, and they stay through the passes. Where the last micro-batch reduces
   * them, as FSDP does, those before it run another code, of which there is no trace.
   */
  boolean stay() {
    return !gradients.isEmpty() && !reduced;
  }

  /** Whether a block of the part before the step is one of them. */
  static boolean isOne(Block block) {
    return block.category() == Category.GRADIENTS && block.bytes() > 0;
  }

  /** Finds what the first micro-batch keeps: the last of as many bytes that a later one frees. */
  private void find(AllocationTrace trace, int from, int to) {
    int times = 1;
    for (int i = to - 1; i >= from; i--) {
      switch (trace.kind(i)) {
        case END -> times = timesOf(trace, i);
        case REPEAT -> times = 1;
        case FREE -> keep(trace.block(i), times);
        case ALLOCATE, PHASE -> {}
      }
    }
  }

  private static int timesOf(AllocationTrace trace, int end) {
    int start = end;
    while (trace.kind(start) != AllocationTrace.Kind.REPEAT) {
      start--;
    }
    return trace.times(start);
  }

  private void keep(Block block, int times) {
    int left = missing.getOrDefault(block.bytes(), 0);
    if (isOne(block) && left >= times) {
      missing.put(block.bytes(), left - times);
      kept.add(block);
    }
  }

  /** Whether the first micro-batch keeps a gradient that later ones free. */
  boolean keeps(Block block) {
    return kept.contains(block);
  }

  /** Those in whose place the first micro-batch has kept nothing. */
  List<Repeated> notKept() {
    List<Repeated> left = new ArrayList<>();
    for (Repeated gradient : gradients) {
      long bytes = gradient.block().bytes();
      int times = Math.min(gradient.times(), missing.getOrDefault(bytes, 0));
      if (times > 0) {
        left.add(new Repeated(gradient.block(), times));
        missing.merge(bytes, -times, Integer::sum);
      }
    }
    return left;
  }
}
