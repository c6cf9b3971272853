package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.allocator.flat.FlatAllocator;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.units.DataType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Two steps of a trace in numbers, written once for many replays. Blocks are numbered as they come;
 * the allocation of a block is its number, its free the complement. The first step runs before the
 * optimizer has states, which then lie between what the step had allocated; so there are two.
 */
final class ReplayProgram {

  /** Marks a block that is freed as soon as it is allocated. */
  static final int AT_ONCE = 1 << 30;

  private final AllocationTrace trace;
  private final LoadedWeights weights;
  private final int warmUp;

  private final IdentityHashMap<Block, Integer> numbers = new IdentityHashMap<>();
  private final List<Block> blocks = new ArrayList<>();

  /** Numbers in the order in which blocks are first allocated. */
  private final Set<Integer> allocated = new LinkedHashSet<>();

  /** Numbers of blocks that a section allocates each time it runs, in the order of the first. */
  private final Set<Integer> repeated = new LinkedHashSet<>();

  private int[] operations = new int[1024];
  private int size;

  /** Where the section begins that is being written. */
  private int section;

  private final List<Section> sections = new ArrayList<>();
  private final int secondStep;

  /** Gradients that the first micro-batch makes and the last takes. */
  private int[] taken = {};

  private final int[] gradients;
  private final long[] bytes;
  private final Stream[] streams;
  private final int[] pools;
  private final boolean[] kept;

  private final StandIns standIns = new StandIns(blocks, allocated);

  /**
   * The program of a trace.
   *
   * @param loading what comes before the trace, and how its weights come
   */
  ReplayProgram(AllocationTrace trace, Loading loading) {
    this.trace = trace;
    weights = new LoadedWeights(loading);
    warmUp = loading.warmUp() > 0 ? takeAtOnce(loading.warmUp()) : -1;
    int step = firstPass();
    int update = indexOf(Phase.STEP);
    writeLoaded(step);
    widen();
    int loaded = allocated.size();
    int before = sections.size();
    List<Section> passes = passes(step, update);
    sections.addAll(passes);
    write(trace, 0, step, TracePart.STATES, sections);
    List<Section> updates = new ArrayList<>();
    write(trace, update, trace.size(), TracePart.ALL, updates);
    sections.addAll(updates);
    List<Section> renewed = renewed();
    sections.replaceAll(this::ordered);
    int first = sections.size();
    secondStep = first;
    sections.add(Section.DROP_GRADIENTS);
    sections.addAll(renewed);
    if (step <= update) {
      sections.addAll(List.copyOf(sections.subList(before, before + passes.size())));
      sections.addAll(List.copyOf(sections.subList(first - updates.size(), first)));
    }
    bytes = blocks.stream().mapToLong(Block::bytes).toArray();
    streams = blocks.stream().map(Block::stream).toArray(Stream[]::new);
    gradients =
        allocated.stream()
            .skip(loaded)
            .filter(number -> blocks.get(number).category() == Category.GRADIENTS)
            .mapToInt(number -> number)
            .toArray();
    pools = blocks.stream().mapToInt(b -> FlatAllocator.pool(b.bytes(), b.stream())).toArray();
    kept = KeptBlocks.of(blocks, freed());
  }

  private void writeLoaded(int step) {
    AllocationTrace.Renewed renewed = trace.renewed();
    if (renewed == null) {
      write(trace, 0, step, TracePart.LOADED, sections);
    } else {
      write(trace, 0, renewed.from(), TracePart.LOADED, sections);
      AllocationTrace first = renewed.first();
      write(first, 0, first.size(), TracePart.ALL, sections);
      write(trace, renewed.to(), step, TracePart.LOADED, sections);
    }
  }

  /** Makes anew what is so when the second step begins, and in no other. */
  private List<Section> renewed() {
    AllocationTrace.Renewed renewed = trace.renewed();
    if (renewed == null || renewed.first().size() == 0) {
      return List.of();
    }
    AllocationTrace first = renewed.first();
    section = size;
    for (int i = 0; i < first.size(); i++) {
      free(first.block(i));
    }
    int times = 1;
    for (int i = renewed.from(); i < renewed.to(); i++) {
      switch (trace.kind(i)) {
        case REPEAT -> times = trace.times(i);
        case END -> times = 1;
        case ALLOCATE -> Collections.nCopies(times, trace.block(i)).forEach(this::allocate);
        case FREE, PHASE -> {}
      }
    }
    List<Section> made = new ArrayList<>();
    end(1, made);
    int number = number(first.block(0));
    return made.stream().map(each -> each.whileLives(number)).toList();
  }

  private int takeAtOnce(long pieceBytes) {
    Block piece = new Block("warm-up", Category.TEMPORARIES, DataType.UINT8, pieceBytes);
    allocate(piece);
    free(piece);
    end(1, sections);
    return operations[0];
  }

  private void widen() {
    weights.widen(this::allocate, this::free);
    end(1, sections);
  }

  /** The operation that the driver may refuse, as the piece is smaller on a smaller card; or -1. */
  int warmUp() {
    return warmUp;
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

  /** Which blocks are freed, by number. */
  private boolean[] freed() {
    boolean[] freed = new boolean[blocks.size()];
    for (int i = 0; i < size; i++) {
      if (operations[i] < 0) {
        freed[~operations[i]] = true;
      } else if (operations[i] >= AT_ONCE) {
        freed[operations[i] & ~AT_ONCE] = true;
      }
    }
    for (int gradient : gradients) {
      freed[gradient] = true;
    }
    return freed;
  }

  /** Knows what goes first in a section whose iterations free what an earlier section made. */
  private Section ordered(Section section) {
    if (section.times() == 1) {
      return section;
    }
    Set<Integer> own =
        allocatedIn(section.from(), section.to()).boxed().collect(Collectors.toSet());
    int[][] instead = null;
    for (int i = section.from(); i < section.to(); i++) {
      int number = ~operations[i];
      if (number >= 0 && !repeated.contains(number)) {
        int[] earlier = alike(number).filter(n -> !own.contains(n)).toArray();
        if (earlier.length > 0) {
          instead = instead == null ? new int[section.to() - section.from()][] : instead;
          instead[i - section.from()] = earlier;
        }
      }
    }
    return new Section(
        section.from(), section.to(), section.times(), -1, instead, made(section, own));
  }

  /** What each iteration has made by the time it frees a block that it has not. */
  private int @Nullable [] @Nullable [] made(Section section, Set<Integer> own) {
    int[][] made = null;
    Set<Integer> living = new LinkedHashSet<>();
    for (int i = section.from(); i < section.to(); i++) {
      int operation = operations[i];
      if (operation >= 0 && operation < AT_ONCE) {
        living.add(operation);
      } else if (operation < 0 && own.contains(~operation)) {
        living.remove(~operation);
      } else if (operation < 0 && !living.isEmpty()) {
        made = made == null ? new int[section.length()][] : made;
        made[i - section.from()] = living.stream().mapToInt(n -> n).toArray();
      }
    }
    return made;
  }

  /** Numbers of the blocks that operations allocate. */
  private IntStream allocatedIn(int from, int to) {
    return IntStream.range(from, to)
        .map(i -> operations[i])
        .filter(operation -> operation >= 0)
        .map(operation -> operation & ~AT_ONCE);
  }

  /** Blocks of the same name and size that a section makes, each time it runs. */
  private IntStream alike(int number) {
    return repeated.stream()
        .mapToInt(n -> n)
        .filter(n -> n != number && standIns.rank(n, blocks.get(number)) == 0);
  }

  /** The passes of a step: of one micro-batch, and before it of the first where they accumulate. */
  private List<Section> passes(int step, int update) {
    List<Section> passes = new ArrayList<>();
    AllocationTrace.Earlier first = trace.earlier();
    if (first == null) {
      EarlierGradients earlier = EarlierGradients.of(trace, step, trace, step, update);
      if (!earlier.isEmpty() && !earlier.freedIn(trace, step, update)) {
        write(trace, step, update, TracePart.keeping(earlier), passes);
      }
      make(earlier.notKept(), passes);
      write(trace, step, update, TracePart.ALL, passes);
    } else {
      write(trace, step, first.at(), TracePart.WITHOUT_GRADIENTS, passes);
      writeFirst(first, passes);
      write(trace, Math.max(step, first.at()), update, TracePart.ALL, passes);
    }
    if (readAside() >= 0) {
      passes.add(Section.WAIT);
    }
    return passes;
  }

  /** The first micro-batch of several, whose gradients the last reduces. */
  private void writeFirst(AllocationTrace.Earlier first, List<Section> passes) {
    AllocationTrace its = first.trace();
    EarlierGradients earlier = EarlierGradients.of(trace, first.at(), its, 0, its.size());
    write(its, 0, its.size(), TracePart.making(earlier), passes);
    make(earlier.notKept(), passes);
    if (readAside() >= 0) {
      passes.add(Section.WAIT);
    }
    taken = earlier.blocks().stream().filter(numbers::containsKey).mapToInt(numbers::get).toArray();
    passes.add(Section.TURN_GRADIENTS);
  }

  private void make(List<EarlierGradients.Repeated> gradients, List<Section> passes) {
    for (EarlierGradients.Repeated gradient : gradients) {
      allocate(gradient.block());
      end(gradient.times(), passes);
    }
  }

  /** The allocations and frees of all sections. */
  int[] operations() {
    return operations;
  }

  /**
   * From loading to the end of the second step, with {@link Section#DROP_GRADIENTS} between the
   * steps.
   */
  List<Section> sections() {
    return sections;
  }

  /** Gradients of the first step, which {@code zero_grad(set_to_none=True)} drops behind it. */
  int[] gradients() {
    return gradients;
  }

  /** Gradients of the first micro-batch of a step that its last reduces. */
  int[] taken() {
    return taken;
  }

  /** Index of the section with which the second step begins: it drops the gradients. */
  int secondStep() {
    return secondStep;
  }

  Block block(int number) {
    return blocks.get(number);
  }

  /** Bytes of each block. */
  long[] bytes() {
    return bytes;
  }

  /** The stream of each block. */
  Stream[] streams() {
    return streams;
  }

  /** The pool of each block, as {@link FlatAllocator} numbers them. */
  int[] pools() {
    return pools;
  }

  /** Which blocks are never freed. */
  boolean[] kept() {
    return kept;
  }

  /** As {@link StandIns#of}. */
  int[] standIns(int number) {
    return standIns.of(number);
  }

  /**
   * Where the first pass of what repeats begins, behind all that comes before training. What the
   * optimizer's states leave the GPU for begins and ends with an empty cache, and is gone through
   * once.
   */
  private int firstPass() {
    int from =
        trace.episodes().stream()
            .filter(entries -> entries.episode().repeats() && entries.episode().holdsStates())
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

  private void write(
      AllocationTrace trace, int from, int to, TracePart part, List<Section> sections) {
    section = size;
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
        case ALLOCATE -> {
          Block block = part.as().apply(trace.block(i));
          if (part.allocates().test(block)) {
            if (part.loads() && times == 1) {
              weights.load(block, this::allocate, this::free);
            } else {
              allocate(block);
            }
          }
        }
        case FREE -> {
          Block block = trace.block(i);
          Block copy = part.copies().apply(block);
          if (copy != null) {
            allocate(copy);
          }
          if (part.frees().test(block)) {
            free(block);
          }
        }
        case PHASE -> {}
      }
    }
    end(1, sections);
  }

  private void end(int times, List<Section> sections) {
    if (size > section) {
      if (times > 1) {
        allocatedIn(section, size).forEach(repeated::add);
      }
      sections.add(Section.of(section, size, times));
    }
    section = size;
  }

  private static boolean isCached(Block block) {
    return block.bytes() > 0 && block.stream() != Stream.DRIVER;
  }

  private void allocate(Block block) {
    if (isCached(block)) {
      int number = number(block);
      add(number);
      allocated.add(number);
    }
  }

  private void free(Block block) {
    if (isCached(block)) {
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
}
