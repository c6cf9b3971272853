package dev.tunefit.core.memory;

import dev.tunefit.core.memory.allocator.AllocatorReplay;
import dev.tunefit.core.memory.tape.Category;
import dev.tunefit.core.memory.tape.Phase;
import dev.tunefit.core.memory.tape.StepTapes;
import dev.tunefit.core.memory.tape.Tape;
import dev.tunefit.core.memory.tape.TapeReading;
import java.util.List;
import java.util.Map;

/**
 * The peak memory of one training step on one GPU, for ranks that all hold the same, with the
 * reason.
 *
 * @param name of these ranks, e.g. {@code every rank} or {@code pipeline stage 1 of 4}
 * @param count how many ranks there are of this kind
 * @param allocatedBytes peak of what PyTorch's allocator has given out
 * @param contextBytes the CUDA context and the kernels loaded into it
 * @param peakPhase the phase in which the peak falls
 * @param phasePeaks highest allocated bytes of each phase
 * @param breakdown bytes alive at the peak by category; they sum to {@code allocatedBytes}
 * @param alive blocks alive at the peak, largest first
 * @param hostBytes peak of the machine's memory that offloading takes for one of these ranks
 * @param tape the step itself, for drawing
 */
public record RankEstimate(
    String name,
    int count,
    long allocatedBytes,
    long contextBytes,
    Phase peakPhase,
    Map<Phase, Long> phasePeaks,
    Map<Category, Long> breakdown,
    List<TapeReading.Alive> alive,
    long hostBytes,
    Tape tape) {

  public RankEstimate {
    phasePeaks = Map.copyOf(phasePeaks);
    breakdown = Map.copyOf(breakdown);
    alive = List.copyOf(alive);
  }

  static RankEstimate of(String name, int count, StepTapes tapes, long contextBytes) {
    TapeReading reading = TapeReading.of(tapes.device());
    return new RankEstimate(
        name,
        count,
        reading.peakBytes(),
        contextBytes,
        reading.peakPhase(),
        reading.phasePeaks(),
        reading.breakdown(),
        reading.alive(),
        TapeReading.of(tapes.host()).peakBytes(),
        tapes.device());
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
