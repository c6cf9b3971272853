package dev.vramcast.core.trace.replay;

import dev.vramcast.core.allocator.CachingAllocator;
import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.trace.Block;

/**
 * Steps of a program on micro-batches of growing length, the longest last. What grows with tokens
 * is made smaller in proportion to them.
 */
final class LengthsReplay extends Replay {

  private final ReplayProgram program;
  private final VaryingLengths lengths;
  private final boolean[] growing;

  /** Of the micro-batch that is gone through, as a share of the longest. */
  private double length = 1;

  private LengthsReplay(
      ReplayProgram program, AllocatorSettings settings, long limit, VaryingLengths lengths) {
    super(program, settings, limit);
    this.program = program;
    this.lengths = lengths;
    this.growing = new boolean[blocks()];
    for (int i = 0; i < growing.length; i++) {
      growing[i] = grows(program.block(i));
    }
  }

  /** How such steps go under a limit. */
  static Outcome of(
      ReplayProgram program, AllocatorSettings settings, long limit, VaryingLengths lengths) {
    LengthsReplay replay = new LengthsReplay(program, settings, limit, lengths);
    return replay.outcome(replay.all());
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

  @Override
  long size(int number) {
    if (!growing[number] || length == 1) {
      return bytes(number);
    }
    long unit = CachingAllocator.MIN_BLOCK;
    return Math.max(unit, (long) Math.ceil(bytes(number) * length / unit) * unit);
  }
}
