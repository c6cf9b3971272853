package dev.vramcast.core.trace.replay.program;

import dev.vramcast.core.allocator.Stream;
import dev.vramcast.core.allocator.flat.FlatAllocator;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * Two steps of a trace in numbers, written once for many replays. Blocks are numbered as they come;
 * the allocation of a block is its number, its free the complement. The first step runs before the
 * optimizer has states, which then lie between what the step had allocated; so there are two.
 */
public final class ReplayProgram {

  /** Marks a block that is freed as soon as it is allocated. */
  public static final int AT_ONCE = 1 << 30;

  private final AllocationTrace trace;
  private final ProgramWriter writer;
  private final StandIns standIns;
  private final int warmUp;
  private final List<Section> sections;
  private final int secondStep;

  /** Gradients that the first micro-batch makes and the last takes. */
  private final int[] taken;

  private final int[] gradients;
  private final long[] bytes;
  private final Stream[] streams;
  private final int[] pools;
  private final boolean[] kept;

  /**
   * The program of a trace.
   *
   * @param loading what comes before the trace, and how its weights come
   */
  public ReplayProgram(AllocationTrace trace, Loading loading) {
    this.trace = trace;
    writer = new ProgramWriter(loading);
    standIns = new StandIns(writer.blocks(), writer.allocated());
    List<Section> written = new ArrayList<>();
    warmUp = loading.warmUp() > 0 ? writer.takeAtOnce(loading.warmUp(), written) : -1;
    int step = firstPass();
    int update = indexOf(Phase.STEP);
    RenewedBlocks renewed = new RenewedBlocks(writer, trace);
    renewed.writeLoaded(step, written);
    writer.widen(written);
    AllocationTrace opening = trace.opening();
    if (opening != null) {
      writer.write(opening, 0, opening.size(), TracePart.ALL, written);
    }
    int loaded = writer.allocated().size();
    int before = written.size();
    MicroBatches batches = new MicroBatches(writer, trace);
    List<Section> passes = batches.passes(step, update);
    taken = batches.taken();
    written.addAll(passes);
    int made = Math.max(update, trace.statesMade());
    List<Section> begun = new ArrayList<>();
    writer.write(trace, update, made, TracePart.ALL, begun);
    int beginning = written.size();
    written.addAll(begun);
    writer.write(trace, 0, step, TracePart.STATES, written);
    List<Section> updates = new ArrayList<>();
    writer.write(trace, made, trace.size(), TracePart.ALL, updates);
    written.addAll(updates);
    List<Section> anew = renewed.anew();
    EqualLayers layers = new EqualLayers(writer, standIns);
    written.replaceAll(layers::ordered);
    secondStep = written.size();
    written.add(Section.DROP_GRADIENTS);
    written.addAll(anew);
    if (step <= update) {
      written.addAll(List.copyOf(written.subList(before, before + passes.size())));
      written.addAll(List.copyOf(written.subList(beginning, beginning + begun.size())));
      written.addAll(List.copyOf(written.subList(secondStep - updates.size(), secondStep)));
    }
    sections = List.copyOf(written);
    List<Block> blocks = writer.blocks();
    bytes = blocks.stream().mapToLong(Block::bytes).toArray();
    streams = blocks.stream().map(Block::stream).toArray(Stream[]::new);
    gradients =
        writer.allocated().stream()
            .skip(loaded)
            .filter(number -> blocks.get(number).category() == Category.GRADIENTS)
            .mapToInt(number -> number)
            .toArray();
    pools = blocks.stream().mapToInt(b -> FlatAllocator.pool(b.bytes(), b.stream())).toArray();
    kept = KeptBlocks.of(blocks, freed());
  }

  /** The operation that the driver may refuse, as the piece is smaller on a smaller card; or -1. */
  public int warmUp() {
    return warmUp;
  }

  /** The number of a block that is freed and waits for another stream; -1 where none is. */
  public int readAside() {
    return writer.readAside();
  }

  /** Which blocks are freed, by number. */
  private boolean[] freed() {
    boolean[] freed = writer.freed();
    for (int gradient : gradients) {
      freed[gradient] = true;
    }
    return freed;
  }

  /** The allocations and frees of all sections. */
  public int[] operations() {
    return writer.operations();
  }

  /**
   * From loading to the end of the second step, with {@link Section#DROP_GRADIENTS} between the
   * steps.
   */
  public List<Section> sections() {
    return sections;
  }

  /** Gradients of the first step, which {@code zero_grad(set_to_none=True)} drops behind it. */
  public int[] gradients() {
    return gradients;
  }

  /** Gradients of the first micro-batch of a step that its last reduces. */
  public int[] taken() {
    return taken;
  }

  /** Index of the section with which the second step begins: it drops the gradients. */
  public int secondStep() {
    return secondStep;
  }

  public Block block(int number) {
    return writer.blocks().get(number);
  }

  /** Bytes of each block. */
  public long[] bytes() {
    return bytes;
  }

  /** The stream of each block. */
  public Stream[] streams() {
    return streams;
  }

  /** The pool of each block, as {@link FlatAllocator} numbers them. */
  public int[] pools() {
    return pools;
  }

  /** Which blocks are never freed. */
  public boolean[] kept() {
    return kept;
  }

  /** As {@link StandIns#of}. */
  public int[] standIns(int number) {
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
}
