package dev.tunefit.core.memory;

import dev.tunefit.core.memory.allocator.AllocatorReplay;
import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.memory.tape.Phase;
import dev.tunefit.core.memory.tape.Tape;
import dev.tunefit.core.memory.tape.TapeReading;
import java.util.List;
import java.util.Map;

/**
 * The peak memory of one training step on one GPU, with the reason.
 *
 * @param allocatedBytes peak of what PyTorch's allocator has given out
 * @param contextBytes the CUDA context and the kernels loaded into it
 * @param peakPhase the phase in which the peak falls
 * @param phasePeaks highest allocated bytes of each phase
 * @param breakdown bytes alive at the peak by category; they sum to {@code allocatedBytes}
 * @param alive blocks alive at the peak, largest first
 * @param tape the step itself, for drawing
 * @param assumptions what was taken for granted where the job did not say
 */
public record MemoryEstimate(
    long allocatedBytes,
    long contextBytes,
    Phase peakPhase,
    Map<Phase, Long> phasePeaks,
    Map<Category, Long> breakdown,
    List<TapeReading.Alive> alive,
    Tape tape,
    List<String> assumptions) {

  public MemoryEstimate {
    phasePeaks = Map.copyOf(phasePeaks);
    breakdown = Map.copyOf(breakdown);
    alive = List.copyOf(alive);
    assumptions = List.copyOf(assumptions);
  }

  /**
   * What PyTorch's caching allocator has taken from the driver after two steps. The tape is
   * replayed for it, every layer, so this takes milliseconds.
   */
  public long reservedBytes() {
    return Math.max(allocatedBytes, AllocatorReplay.reservedBytes(tape));
  }

  /** What the driver reports: {@link #reservedBytes()} and the context. */
  public long deviceBytes() {
    return reservedBytes() + contextBytes;
  }
}
