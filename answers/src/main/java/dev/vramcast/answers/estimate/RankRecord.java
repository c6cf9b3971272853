package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.core.trace.Phase;
import java.util.Map;

/** Ranks that need the same, for programs. */
record RankRecord(
    @Describes("What they have in common, such as the stage of a pipeline.") String name,
    @Describes("How many GPUs there are of this kind.") int gpus,
    @Describes(Meaning.ALLOCATED) long allocatedBytes,
    @Describes(Meaning.RESERVED) long reservedBytes,
    @Describes(Meaning.DEVICE) long deviceBytes,
    @Describes(Meaning.NEEDED) long neededBytes,
    @Describes(Meaning.HOST) long hostBytes,
    @Describes(Meaning.PEAK_EPISODE) String peakEpisode,
    @Describes(Meaning.PEAK_PHASE) Phase peakPhase,
    @Describes(Meaning.BREAKDOWN) Map<Category, Long> breakdownBytes) {

  static RankRecord of(RankEstimate rank, ExpectedMemory expected) {
    long reserved = expected.reservedBytes(rank);
    return new RankRecord(
        rank.name(),
        rank.count(),
        rank.allocatedBytes(),
        reserved,
        expected.deviceBytes(rank),
        rank.neededBytes(reserved) + rank.outside().bytes(),
        rank.hostBytes(),
        rank.peakEpisode().label(),
        rank.peakPhase(),
        MemoryRecord.breakdown(rank));
  }
}
