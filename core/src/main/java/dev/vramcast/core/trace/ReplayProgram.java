package dev.vramcast.core.trace;

import dev.vramcast.core.allocator.Stream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Two steps of a trace in numbers, written once for many replays. Blocks are numbered as they come;
 * the allocation of a block is its number, its free the complement. The first step runs before the
 * optimizer has states, which then lie between what the step had allocated; so there are two.
 */
final class ReplayProgram {

  /** Operations from one index up to another, which run so many times. */
  record Section(int from, int to, int times) {}

  /** Marks a block that is freed as soon as it is allocated. */
  static final int AT_ONCE = 1 << 30;

  private final AllocationTrace trace;
  private final IdentityHashMap<Block, Integer> numbers = new IdentityHashMap<>();
  private final List<Block> blocks = new ArrayList<>();

  /** Numbers in the order in which blocks are first allocated. */
  private final Set<Integer> allocated = new LinkedHashSet<>();

  private int[] operations = new int[1024];
  private int size;

  /** Where the section begins that is being written. */
  private int section;

  private final List<Section> first = new ArrayList<>();
  private final List<Section> second = new ArrayList<>();
  private final int[] gradients;

  /** Blocks of a kind by their numbers; null until it is asked for. */
  private int @Nullable [][] sameKind;

  ReplayProgram(AllocationTrace trace) {
    this.trace = trace;
    int step = firstPass();
    int update = indexOf(Phase.STEP);
    write(0, step, false, first);
    int loaded = allocated.size();
    List<Section> passes = new ArrayList<>();
    write(step, update, true, passes);
    first.addAll(passes);
    writeOptimizerStates(step);
    List<Section> updates = new ArrayList<>();
    write(update, trace.size(), true, updates);
    first.addAll(updates);
    if (step <= update) {
      second.addAll(passes);
      second.addAll(updates);
    }
    gradients =
        allocated.stream()
            .skip(loaded)
            .filter(number -> blocks.get(number).category() == Category.GRADIENTS)
            .mapToInt(number -> number)
            .toArray();
  }

  /** The allocations and frees of all sections. */
  int[] operations() {
    return operations;
  }

  /** From loading to the first update. */
  List<Section> first() {
    return first;
  }

  /** The step after it. */
  List<Section> second() {
    return second;
  }

  /** Gradients of the first step, which {@code zero_grad(set_to_none=True)} drops behind it. */
  int[] gradients() {
    return gradients;
  }

  /** Bytes of each block. */
  long[] bytes() {
    return blocks.stream().mapToLong(Block::bytes).toArray();
  }

  /** The stream of each block. */
  Stream[] streams() {
    return blocks.stream().map(Block::stream).toArray(Stream[]::new);
  }

  /** Blocks of the name and size of this one, with it, in the order in which they are allocated. */
  int[] sameKind(int number) {
    int[][] known = sameKind;
    if (known == null) {
      known = groups();
      sameKind = known;
    }
    return known[number];
  }

  private int[][] groups() {
    Map<String, List<Integer>> byKey = new HashMap<>();
    for (int number : allocated) {
      byKey.computeIfAbsent(key(number), key -> new ArrayList<>()).add(number);
    }
    Map<String, int[]> groups = new HashMap<>();
    byKey.forEach((key, group) -> groups.put(key, group.stream().mapToInt(n -> n).toArray()));
    int[][] all = new int[blocks.size()][];
    Arrays.setAll(all, number -> groups.getOrDefault(key(number), new int[0]));
    return all;
  }

  private String key(int number) {
    Block block = blocks.get(number);
    return block.name() + ' ' + block.bytes();
  }

  /** Where the first pass of what repeats begins, behind all that comes before training. */
  private int firstPass() {
    int from =
        trace.episodes().stream()
            .filter(entries -> entries.episode().repeats())
            .mapToInt(AllocationTrace.EpisodeEntries::from)
            .findFirst()
            .orElse(0);
    for (int i = from; i < trace.size(); i++) {
      if (trace.kind(i) == AllocationTrace.Kind.PHASE && trace.phase(i) != Phase.LOAD) {
        return i;
      }
    }
    return trace.size();
  }

  private int indexOf(Phase phase) {
    for (int i = 0; i < trace.size(); i++) {
      if (trace.kind(i) == AllocationTrace.Kind.PHASE && trace.phase(i) == phase) {
        return i;
      }
    }
    return trace.size();
  }

  private void write(int from, int to, boolean withStates, List<Section> sections) {
    section = size;
    for (int i = from; i < to; i++) {
      switch (trace.kind(i)) {
        case REPEAT -> end(1, sections);
        case END -> end(times(i), sections);
        case ALLOCATE -> allocate(trace.block(i), withStates);
        case FREE -> free(trace.block(i));
        case PHASE -> {}
      }
    }
    end(1, sections);
  }

  /** How often the section that ends here runs. */
  private int times(int end) {
    int start = end;
    while (trace.kind(start) != AllocationTrace.Kind.REPEAT) {
      start--;
    }
    return trace.times(start);
  }

  private void end(int times, List<Section> sections) {
    if (size > section) {
      sections.add(new Section(section, size, times));
    }
    section = size;
  }

  private void allocate(Block block, boolean withStates) {
    if (block.bytes() > 0 && (withStates || block.category() != Category.OPTIMIZER)) {
      int number = number(block);
      add(number);
      allocated.add(number);
    }
  }

  private void free(Block block) {
    if (block.bytes() > 0) {
      int number = number(block);
      if (size > section && operations[size - 1] == number) {
        operations[size - 1] = number | AT_ONCE;
      } else {
        add(~number);
      }
    }
  }

  private int number(Block block) {
    Integer known = numbers.putIfAbsent(block, blocks.size());
    if (known != null) {
      return known;
    }
    blocks.add(block);
    return blocks.size() - 1;
  }

  private void add(int operation) {
    if (size == operations.length) {
      operations = Arrays.copyOf(operations, 2 * size);
    }
    operations[size] = operation;
    size++;
  }

  private void writeOptimizerStates(int to) {
    int times = 1;
    for (int i = 0; i < to; i++) {
      switch (trace.kind(i)) {
        case REPEAT -> times = trace.times(i);
        case END -> times = 1;
        case ALLOCATE -> {
          if (trace.block(i).category() == Category.OPTIMIZER) {
            allocate(trace.block(i), true);
            end(times, first);
          }
        }
        case FREE, PHASE -> {}
      }
    }
  }
}
