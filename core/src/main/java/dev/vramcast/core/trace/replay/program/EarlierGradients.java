package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjIntConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The gradients that earlier micro-batches left, which a trace of a later one begins with. The
 * first micro-batch of a step finds none: {@code AccumulateGrad} keeps there, as the gradient, what
 * it adds to it later and frees (torch/csrc/autograd/functions/accumulate_grad.h).
 */
final class EarlierGradients {

  /** A block, and how often the section runs in which it is allocated. */
  record Repeated(Block block, int times) {}

  private final List<Repeated> gradients;

  /** By bytes: how many the first micro-batch has kept nothing for yet. */
  private final Map<Long, Integer> missing = new HashMap<>();

  /** By gradient: in how many equal layers nothing was found that becomes it. */
  private final IdentityHashMap<Block, Integer> open = new IdentityHashMap<>();

  private final Set<Block> kept = Collections.newSetFromMap(new IdentityHashMap<>());

  /** What the first micro-batch makes, each with the gradient that later ones find. */
  private final IdentityHashMap<Block, Block> becomes = new IdentityHashMap<>();

  private EarlierGradients(List<Repeated> gradients) {
    this.gradients = gradients;
    for (Repeated gradient : gradients) {
      missing.merge(gradient.block().bytes(), gradient.times(), Integer::sum);
      open.merge(gradient.block(), gradient.times(), Integer::sum);
    }
  }

  /**
   * Those that are allocated before a micro-batch runs.
   *
   * @param until index of the entry before which it does
   * @param later the trace of a micro-batch that begins with them
   * @param from index of its first entry there
   * @param to index behind its last
   */
  static EarlierGradients of(
      AllocationTrace trace, int until, AllocationTrace later, int from, int to) {
    List<Repeated> gradients = new ArrayList<>();
    int times = 1;
    for (int i = 0; i < until; i++) {
      switch (trace.kind(i)) {
        case REPEAT -> times = trace.times(i);
        case END -> times = 1;
        case ALLOCATE -> {
          if (trace.block(i).isGradient()) {
            gradients.add(new Repeated(trace.block(i), times));
          }
        }
        case FREE, PHASE -> {}
      }
    }
    EarlierGradients earlier = new EarlierGradients(gradients);
    earlier.find(later, from, to, earlier::keep);
    earlier.find(later, from, to, earlier::copy);
    return earlier;
  }

  /** Whether there are none. */
  boolean isEmpty() {
    return gradients.isEmpty();
  }

  /** All of them. */
  List<Block> blocks() {
    return gradients.stream().map(Repeated::block).toList();
  }

  /** Whether one of them is freed in a part of a trace. */
  boolean freedIn(AllocationTrace trace, int from, int to) {
    Set<Block> blocks = Collections.newSetFromMap(new IdentityHashMap<>());
    blocks.addAll(blocks());
    for (int i = from; i < to; i++) {
      if (trace.kind(i) == AllocationTrace.Kind.FREE && blocks.contains(trace.block(i))) {
        return true;
      }
    }
    return false;
  }

  /** Finds what the first micro-batch keeps: the last of as many bytes that a later one frees. */
  private void find(AllocationTrace trace, int from, int to, ObjIntConsumer<Block> freed) {
    int times = 1;
    for (int i = to - 1; i >= from; i--) {
      switch (trace.kind(i)) {
        case END -> times = timesOf(trace, i);
        case REPEAT -> times = 1;
        case FREE -> {
          if (trace.block(i).isGradient()) {
            freed.accept(trace.block(i), times);
          }
        }
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
    if (left >= times) {
      missing.put(block.bytes(), left - times);
      kept.add(block);
      become(block, times, each -> each.bytes() == block.bytes());
    }
  }

  /** A gradient of the parameter's dtype becomes one in which micro-batches are added up. */
  private void copy(Block block, int times) {
    if (keeps(block)) {
      return;
    }
    Block made =
        become(
            block,
            times,
            each ->
                each.elements() == block.elements()
                    && missing.getOrDefault(each.bytes(), 0) >= times);
    if (made != null) {
      missing.merge(made.bytes(), -times, Integer::sum);
    }
  }

  /** A gradient of the same module before others. */
  private @Nullable Block become(Block block, int times, Predicate<Block> fits) {
    Block found = null;
    for (Repeated gradient : gradients) {
      Block each = gradient.block();
      if (open.getOrDefault(each, 0) >= times && fits.test(each)) {
        boolean nearer = found != null && !isOfSame(found, block) && isOfSame(each, block);
        found = found == null || nearer ? each : found;
      }
    }
    if (found != null) {
      open.merge(found, -times, Integer::sum);
      becomes.put(block, found);
    }
    return found;
  }

  private static boolean isOfSame(Block gradient, Block block) {
    return gradient.module().equals(block.module());
  }

  /** Whether the first micro-batch keeps a gradient that later ones free. */
  boolean keeps(Block block) {
    return kept.contains(block);
  }

  /** The gradient that the first micro-batch keeps in a block; the block where it keeps none. */
  Block keptAs(Block block) {
    return keeps(block) ? becomes.getOrDefault(block, block) : block;
  }

  /** The gradient that it copies a block into before it lets go of that; null for others. */
  @Nullable Block copyOf(Block block) {
    return keeps(block) ? null : becomes.get(block);
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
