package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.input.Interruption;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** Writes operations in sections, and numbers blocks as they come. */
final class ProgramWriter {

  /** Of so many operations the first is written only where nobody wants it all to end. */
  private static final int OPERATIONS_BETWEEN = 1024;

  private final LoadedWeights weights;
  private final IdentityHashMap<Block, Integer> numbers = new IdentityHashMap<>();
  private final List<Block> blocks = new ArrayList<>();
  private final Set<Integer> allocated = new LinkedHashSet<>();
  private final Set<Integer> repeated = new LinkedHashSet<>();

  private int[] operations = new int[1024];
  private int size;

  /** Where the section begins that is being written. */
  private int section;

  ProgramWriter(Loading loading) {
    weights = new LoadedWeights(loading);
  }

  /** Operations of all sections so far; there is room behind them. */
  int[] operations() {
    return operations;
  }

  /** By number. */
  List<Block> blocks() {
    return blocks;
  }

  /** Numbers in the order in which blocks are first allocated. */
  Set<Integer> allocated() {
    return allocated;
  }

  /** Numbers of blocks that a section allocates each time it runs, in the order of the first. */
  Set<Integer> repeated() {
    return repeated;
  }

  /** Numbers of the blocks that operations allocate. */
  IntStream allocatedIn(int from, int to) {
    return IntStream.range(from, to)
        .map(i -> operations[i])
        .filter(operation -> operation >= 0)
        .map(operation -> operation & ~ReplayProgram.AT_ONCE);
  }

  /** Which blocks operations free, by number. */
  boolean[] freed() {
    boolean[] freed = new boolean[blocks.size()];
    for (int i = 0; i < size; i++) {
      if (operations[i] < 0) {
        freed[~operations[i]] = true;
      } else if (operations[i] >= ReplayProgram.AT_ONCE) {
        freed[operations[i] & ~ReplayProgram.AT_ONCE] = true;
      }
    }
    return freed;
  }

  /** The number of a block that is freed and waits for another stream; -1 where none is. */
  int readAside() {
    for (int number = 0; number < blocks.size(); number++) {
      if (blocks.get(number).stream().isReadAside()) {
        return number;
      }
    }
    return -1;
  }

  /** Takes a piece and gives it back, which is an operation of its own: that is returned. */
  int takeAtOnce(long pieceBytes, List<Section> sections) {
    Block piece = new Block("warm-up", Category.TEMPORARIES, DataType.UINT8, pieceBytes);
    allocate(piece);
    free(piece);
    end(1, sections);
    return operations[0];
  }

  /** Makes weights fp32 that were loaded in 16 bits. */
  void widen(List<Section> sections) {
    weights.widen(this::allocate, this::free);
    end(1, sections);
  }

  /** Writes entries of a trace, in a section of their own where they are repeated. */
  void write(AllocationTrace trace, int from, int to, TracePart part, List<Section> sections) {
    int times = 1;
    for (int i = from; i < to; i++) {
      switch (trace.kind(i)) {
        case REPEAT -> {
          end(1, sections);
          times = trace.times(i);
        }
        case END -> {
          end(times, sections);
          times = 1;
        }
        case ALLOCATE -> allocate(trace.block(i), part, times == 1);
        case FREE -> free(trace.block(i), part);
        case PHASE -> {}
      }
    }
    end(1, sections);
  }

  private void allocate(Block traced, TracePart part, boolean once) {
    Block block = part.as().apply(traced);
    if (part.allocates().test(block)) {
      if (part.loads() && once) {
        weights.load(block, this::allocate, this::free);
      } else {
        allocate(block);
      }
    }
  }

  private void free(Block block, TracePart part) {
    Block copy = part.copies().apply(block);
    if (copy != null) {
      allocate(copy);
    }
    if (part.frees().test(block)) {
      free(block);
    }
  }

  /** Ends the section that is being written, where anything is in it. */
  void end(int times, List<Section> sections) {
    if (size > section) {
      if (times > 1) {
        allocatedIn(section, size).forEach(repeated::add);
      }
      sections.add(Section.of(section, size, times));
    }
    section = size;
  }

  private static boolean isCached(Block block) {
    return block.stream().isMark() || block.bytes() > 0 && block.stream() != Stream.DRIVER;
  }

  void allocate(Block block) {
    if (isCached(block)) {
      int number = number(block);
      add(number);
      allocated.add(number);
    }
  }

  void free(Block block) {
    if (isCached(block)) {
      int number = number(block);
      if (size > section && operations[size - 1] == number) {
        operations[size - 1] = number | ReplayProgram.AT_ONCE;
      } else {
        add(~number);
      }
    }
  }

  /** The number of a block, which gets one where it has none. */
  int number(Block block) {
    Integer known = numbers.putIfAbsent(block, blocks.size());
    if (known != null) {
      return known;
    }
    blocks.add(block);
    return blocks.size() - 1;
  }

  /** Numbers of those blocks that have one. */
  int[] known(List<Block> of) {
    return of.stream().filter(numbers::containsKey).mapToInt(numbers::get).toArray();
  }

  private void add(int operation) {
    if (size % OPERATIONS_BETWEEN == 0) {
      Interruption.check();
    }
    if (size == operations.length) {
      operations = Arrays.copyOf(operations, 2 * size);
    }
    operations[size] = operation;
    size++;
  }
}
