package dev.vramcast.core.run;

import dev.vramcast.core.job.AllocatorSettings;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.trace.AllocationTrace;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.PinnedMemory;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.trace.replay.AllocatorReplay;
import dev.vramcast.core.trace.replay.HeldBeside;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongPredicate;

/**
 * The peak memory of a run on one GPU, for ranks that all hold the same, with the reason.
 *
 * @param name of these ranks, e.g. {@code every rank} or {@code pipeline stage 1 of 4}
 * @param count how many ranks there are of this kind
 * @param outside what the process holds on the GPU outside PyTorch's allocator
 * @param reading the highest of all episodes: where it falls, and what is alive there
 * @param hostBytes peak of the machine's memory that offloading takes for one of these ranks
 * @param pinnedBytes the same, with what pinning them adds
 * @param replay the run itself, through the caching allocator as it is set up
 */
public record RankEstimate(
    String name,
    int count,
    Outside outside,
    TraceReading reading,
    long hostBytes,
    long pinnedBytes,
    AllocatorReplay replay) {

  /**
   * Memory that no PyTorch call reports.
   *
   * @param contextBytes the CUDA context and the kernels loaded into it
   * @param communicatorBytes NCCL's buffers; none on one GPU
   * @param cardBytes what the card has in all; empty when none is named
   */
  public record Outside(long contextBytes, long communicatorBytes, OptionalLong cardBytes) {

    public long bytes() {
      return contextBytes + communicatorBytes;
    }

    /** What is left on the card for PyTorch's allocator. */
    long leftBytes() {
      return cardBytes.isEmpty() ? Long.MAX_VALUE : Math.max(0, cardBytes.getAsLong() - bytes());
    }
  }

  static RankEstimate of(
      String name,
      int count,
      StepTraces traces,
      Outside outside,
      AllocatorSettings allocator,
      HeldBeside beside) {
    long onHost = TraceReading.peakBytes(traces.host());
    return new RankEstimate(
        name,
        count,
        outside,
        TraceReading.of(traces.device()),
        onHost,
        onHost == 0 ? 0 : PinnedMemory.bytes(traces.host()),
        new AllocatorReplay(traces.device(), allocator, beside));
  }

  /** The same on another card of the same {@link CardTraits}, which shares what replays show. */
  public RankEstimate on(Outside other) {
    return new RankEstimate(name, count, other, reading, hostBytes, pinnedBytes, replay);
  }

  /** Peak of what PyTorch's allocator has given out: the highest episode's. */
  public long allocatedBytes() {
    return reading.peakBytes();
  }

  /** What of it an engine beside the policy holds, which is a share of the card by a setting. */
  public long engineBytes() {
    return breakdown().getOrDefault(Category.ENGINE, 0L);
  }

  /**
   * What is alive before the first pass of a step: weights, optimizer states, what an engine holds.
   */
  public long loadedBytes() {
    return reading.phaseEnds().getOrDefault(Phase.LOAD, 0L);
  }

  /** As {@link #allocatedBytes()}, of the training step alone. */
  public long stepBytes() {
    return episodes().stream()
        .filter(peak -> peak.episode() instanceof Episode.Step)
        .mapToLong(EpisodePeak::bytes)
        .max()
        .orElseThrow();
  }

  /**
   * What is there between steps: weights, the optimizer's states, and what else lasts.
   *
   * @param dropsGradients they go when a step ends ({@code zero_grad}); else they are buffers
   */
  public long residentBytes(boolean dropsGradients) {
    long atEnd = reading.phaseEnds().getOrDefault(Phase.STEP, 0L);
    return dropsGradients ? atEnd - trace().aliveAtEnd(Category.GRADIENTS) : atEnd;
  }

  /** The peak of each episode, in their order. */
  public List<EpisodePeak> episodes() {
    return reading.episodes();
  }

  /** The episode that decides how much memory the run takes: the first of the highest. */
  public Episode peakEpisode() {
    return episodes().stream()
        .filter(peak -> peak.bytes() == allocatedBytes())
        .map(EpisodePeak::episode)
        .findFirst()
        .orElseThrow();
  }

  /** The phase in which the peak falls. */
  public Phase peakPhase() {
    return reading.peakPhase();
  }

  /** Highest allocated bytes of each phase. */
  public Map<Phase, Long> phasePeaks() {
    return reading.phasePeaks();
  }

  /** Bytes alive at the peak by category; they sum to {@link #allocatedBytes()}. */
  public Map<Category, Long> breakdown() {
    return reading.breakdown();
  }

  /** Blocks alive at the peak, largest first. */
  public List<TraceReading.Alive> alive() {
    return reading.alive();
  }

  /** The run, for drawing. */
  public AllocationTrace trace() {
    return replay.trace();
  }

  /**
   * What PyTorch's caching allocator takes from the driver in two steps, or in as many as it takes
   * where lengths vary: what it would take on a card without end, or where that is more than the
   * card has and the steps run on it all the same, what it takes there. The trace is replayed for
   * it, every layer, so this takes milliseconds.
   */
  public long reservedBytes() {
    long left = outside.leftBytes();
    OptionalLong held = allocatedBytes() <= left ? heldIn(left) : OptionalLong.empty();
    return Math.max(allocatedBytes(), held.orElseGet(this::endlessBytes));
  }

  /**
   * Finds what {@link #reservedBytes()} takes beside all that {@link #neededDeviceBytes()} takes,
   * where the card has enough for it: a part of the same answer that another thread may do.
   */
  public void foresee() {
    long left = outside.leftBytes();
    replay.foresee(allocatedBytes() <= left ? left : Long.MAX_VALUE);
  }

  /** What is held on a card without end. */
  private long endlessBytes() {
    return replay.heldBytes(Long.MAX_VALUE).orElseThrow();
  }

  private OptionalLong heldIn(long left) {
    OptionalLong held = replay.heldBytes(left);
    return held.isPresent() ? held : replay.reservedBytes(left);
  }

  /** Whether the card has less than two equal steps would take, and may do all the same. */
  private boolean isTight() {
    long left = outside.leftBytes();
    return allocatedBytes() <= left && left < steadyBytes();
  }

  /** With so many bytes two equal steps run. */
  private long steadyBytes() {
    return Math.max(allocatedBytes(), replay.reservedBytes());
  }

  /**
   * The least memory from which on two steps run. Some replays of the trace take place for it.
   *
   * @param reservedBytes what {@link #reservedBytes()} says
   */
  public long neededBytes(long reservedBytes) {
    return replay.neededBytes(leastBytes(), Math.min(reservedBytes, steadyBytes()));
  }

  /**
   * With fewer two equal steps do not run: their tensors, and more than a card that is too small.
   */
  private long leastBytes() {
    long left = outside.leftBytes();
    return isTight() && !replay.runs(left) ? left + 1 : allocatedBytes();
  }

  /**
   * What the driver has to give at least, which decides whether a card is large enough: {@link
   * #neededBytes} of what is reserved. Steps of changing length reserve no less than equal ones, so
   * they are replayed only where the card has too little for those.
   */
  public long neededDeviceBytes() {
    return neededBytes(mostNeeded()) + outside.bytes();
  }

  private long mostNeeded() {
    return isTight() ? reservedBytes() : steadyBytes();
  }

  /**
   * Whether {@link #neededDeviceBytes()} may be of use, found with fewer replays where not.
   *
   * @param matters whether so many bytes are; more are not where fewer are not
   */
  public boolean needsNoMore(LongPredicate matters) {
    return replay
        .neededBytes(leastBytes(), most(), inside -> matters.test(inside + outside.bytes()))
        .isPresent();
  }

  /** Whether {@link #neededDeviceBytes()} says no more than so many, found with fewer replays. */
  public boolean needsNoMore(long bytes) {
    long inside = bytes - outside.bytes();
    return inside >= allocatedBytes() && replay.needsNoMore(leastBytes(), most(), inside);
  }

  private long most() {
    return Math.min(mostNeeded(), steadyBytes());
  }

  /**
   * What readings of the driver, such as those of nvidia-smi, show: {@link #readBytes()} and what
   * is outside the allocator.
   */
  public long deviceBytes() {
    return readBytes() + outside.bytes();
  }

  /**
   * {@link #reservedBytes()} where the card has as much; where the driver refuses some, what is
   * held in a step like all others, without what only the first ones take for moments. No less than
   * is needed.
   */
  public long readBytes() {
    long reserved = reservedBytes();
    long left = outside.leftBytes();
    OptionalLong read = allocatedBytes() <= left ? replay.readBytes(left) : OptionalLong.empty();
    return read.isPresent() && read.orElseThrow() < reserved
        ? Math.min(reserved, Math.max(neededBytes(reserved), read.orElseThrow()))
        : reserved;
  }
}
