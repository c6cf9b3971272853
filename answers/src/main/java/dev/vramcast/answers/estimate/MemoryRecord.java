package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.Expectation;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.record.ShownAs;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.ErrorRange;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.EpisodePeak;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.TraceReading.Alive;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The memory of the rank that needs most, for programs. */
record MemoryRecord(
    @Describes(Meaning.ALLOCATED) long allocatedBytes,
    @Describes(Meaning.RESERVED) long reservedBytes,
    @Describes(Meaning.DEVICE) long deviceBytes,
    @Describes(Meaning.NEEDED) long neededBytes,
    @Describes("Of the CUDA context and loaded kernels.") long contextBytes,
    @Describes("Of communicators such as NCCL's.") long communicatorBytes,
    @Describes("In the memory of each machine, of all its ranks.") long hostBytes,
    @Describes("Within which the truth is expected.") Ranges ranges,
    @Describes(Meaning.PEAK_EPISODE) String peakEpisode,
    @Describes(Meaning.PEAK_PHASE) Phase peakPhase,
    @Describes("The episodes of the run, in their order.") List<EpisodeRecord> episodes,
    @Describes("Highest in each phase.") Map<Phase, Long> phasePeakBytes,
    @Describes(Meaning.BREAKDOWN) Map<Category, Long> breakdownBytes,
    @ShownAs("All tensors alive at the peak")
        @Describes("Tensors alive at the peak, largest first.")
        List<AliveRecord> alive) {

  /** The ranges of the figures; null where nothing is known of such jobs. */
  record Ranges(
      @Describes(Meaning.RANGE_SHARE) double share,
      Optional<ByteRangeRecord> allocated,
      Optional<ByteRangeRecord> reserved,
      Optional<ByteRangeRecord> device,
      Optional<ByteRangeRecord> needed) {

    private static Ranges of(ExpectedMemory expected) {
      return new Ranges(
          ErrorRange.SHARE,
          ByteRangeRecord.of(expected.allocated()),
          ByteRangeRecord.of(expected.reserved()),
          ByteRangeRecord.of(expected.device()),
          ByteRangeRecord.of(expected.needed()));
    }
  }

  /** A range. */
  @Describes("Where the truth is expected; null where there is no range for such a job.")
  record ByteRangeRecord(
      @Describes(Meaning.LOW) long lowBytes,
      @Describes(Meaning.HIGH) long highBytes,
      @Describes("What its runs have in common with the job.") String kind,
      @Describes(Meaning.RANGE_RUNS) int runs,
      @Describes("Sources that those runs are from.") int sources) {

    private static Optional<ByteRangeRecord> of(Expectation expectation) {
      return expectation.row().map(row -> of(row, row.about(expectation.bytes())));
    }

    private static ByteRangeRecord of(RangeRow row, ByteRange bytes) {
      return new ByteRangeRecord(
          bytes.lowBytes(), bytes.highBytes(), row.words(), row.runs(), row.sources());
    }
  }

  /** An episode of the run. */
  record EpisodeRecord(
      @Describes("Its name, such as load or step.") String episode,
      @Describes("Peak of what PyTorch's allocator has given out while it runs.")
          long allocatedBytes,
      @Describes(Meaning.PEAK_PHASE) Phase peakPhase) {

    private static EpisodeRecord of(EpisodePeak peak) {
      return new EpisodeRecord(peak.episode().label(), peak.bytes(), peak.phase());
    }
  }

  /** Tensors of a name. */
  record AliveRecord(
      @Describes("What they are.") String name,
      @Describes("The category that they are counted under.") Category category,
      @Describes("How many there are.") long count,
      @Describes("Of all of them.") long bytes) {

    private static AliveRecord of(Alive alive) {
      return new AliveRecord(alive.name(), alive.category(), alive.count(), alive.bytes());
    }
  }

  static MemoryRecord of(EstimateReport report, ExpectedMemory expected) {
    RankEstimate memory = report.memory().worst();
    return new MemoryRecord(
        memory.allocatedBytes(),
        expected.reserved().bytes(),
        expected.device().bytes(),
        expected.needed().bytes(),
        memory.outside().contextBytes(),
        memory.outside().communicatorBytes(),
        report.offloadedBytes(),
        Ranges.of(expected),
        memory.peakEpisode().label(),
        memory.peakPhase(),
        memory.episodes().stream().map(EpisodeRecord::of).toList(),
        new EnumMap<>(memory.phasePeaks()),
        breakdown(memory),
        report.alive().stream().map(AliveRecord::of).toList());
  }

  /** What is alive at the peak of a rank, by every category. */
  static Map<Category, Long> breakdown(RankEstimate rank) {
    Map<Category, Long> parts = new EnumMap<>(Category.class);
    for (Category category : Category.values()) {
      parts.put(category, rank.breakdown().getOrDefault(category, 0L));
    }
    return parts;
  }
}
