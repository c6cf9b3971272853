package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.allocator.Chunk;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.Block;
import dev.vramcast.core.trace.replay.Replay.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * Steps of a program on micro-batches of growing length, the longest last. What grows with tokens
 * is made smaller in proportion to them.
 */
final class LengthsReplay extends TwoSteps {

  private final ReplayProgram program;
  private final CachingAllocator allocator;
  private final VaryingLengths lengths;
  private final Chunk[] living;
  private final boolean[] growing;

  /** Of the micro-batch that is gone through, as a share of the longest. */
  private double length = 1;

  private LengthsReplay(
      ReplayProgram program, AllocatorSettings settings, long limit, VaryingLengths lengths) {
    super(program);
    this.program = program;
    this.allocator = new CachingAllocator(settings, limit);
    this.lengths = lengths;
    this.living = new Chunk[blocks()];
    this.growing = new boolean[blocks()];
    for (int i = 0; i < growing.length; i++) {
      growing[i] = grows(program.block(i));
    }
  }

  /** How such steps go under a limit. */
  static Outcome of(
      ReplayProgram program, AllocatorSettings settings, long limit, VaryingLengths lengths) {
    LengthsReplay replay = new LengthsReplay(program, settings, limit, lengths);
    boolean runs = replay.all();
    return new Outcome(runs, replay.allocator.mostReserved(), replay.allocator.wanted());
  }

  private boolean all() {
    boolean first = true;
    for (double record : lengths.lengths()) {
      length = record;
      if (!(first ? run(0, 0, program.secondStep()) : run(program.secondStep()))) {
        return false;
      }
      first = false;
    }
    length = 1;
    return run(program.secondStep());
  }

  private boolean run(int from) {
    return run(from, 0, program.sections().size());
  }

  private boolean grows(Block block) {
    return switch (block.category()) {
      case ACTIVATIONS, LOGITS_AND_LOSS -> true;
      case TEMPORARIES -> block.shape().size() == 2 && block.shape().get(0) == lengths.rows();
      case WEIGHTS, ADAPTERS, GATHERED, COMMUNICATION, GRADIENTS, OPTIMIZER, OTHER -> false;
    };
  }

  private long size(int number) {
    if (!growing[number] || length == 1) {
      return bytes(number);
    }
    long unit = CachingAllocator.MIN_BLOCK;
    return Math.max(unit, (long) Math.ceil(bytes(number) * length / unit) * unit);
  }

  @Override
  boolean allocate(int number) {
    @Nullable Chunk chunk = allocator.allocate(size(number), stream(number));
    if (chunk == null) {
      return false;
    }
    chunk.under = living[number];
    living[number] = chunk;
    return true;
  }

  @Override
  boolean lives(int number) {
    return living[number] != null;
  }

  @Override
  void freeYoungest(int number) {
    Chunk chunk = living[number];
    living[number] = chunk.under;
    chunk.under = null;
    allocator.free(chunk, stream(number));
  }
}
