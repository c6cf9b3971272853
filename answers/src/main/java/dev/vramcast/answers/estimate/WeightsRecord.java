package dev.vramcast.answers.estimate;

import dev.vramcast.answers.first.DecidesRecord;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Meaning;
import dev.vramcast.answers.words.WarningsRecord;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.range.Verdict;
import java.util.Optional;

/** {@link WeightsAnswer} for programs. */
@Describes(
    "What a job takes that trains nothing: it merges adapters, puts shards together or converts"
        + " weights. It has no step, and so no speed, no cost and no range.")
public record WeightsRecord(
    @Describes(Meaning.SUMMARY) String summary,
    @Describes(Meaning.MODEL) String model,
    @Describes("Name of the card in the catalogue; null where none is named.") Optional<String> gpu,
    @Describes("How many of it.") int gpus,
    @Describes(
            "does_not_fit where card, machine or disk are known to have too little, else fits where"
                + " the card is known, or the machine's memory if no card is used; null where it is"
                + " not.")
        Optional<Verdict> verdict,
    @Describes("What there is too little of; null where nothing is.")
        Optional<DecidesRecord> decides,
    LifeRecord life,
    @Describes(Meaning.JOB) JobDocument job,
    WarningsRecord warnings) {

  public static final String KIND = "weights";

  static WeightsRecord of(WeightsAnswer answer) {
    return new WeightsRecord(
        answer.sentence(),
        answer.model().id(),
        answer.gpu().map(Gpu::name),
        answer.gpus(),
        answer.verdict(),
        answer.shortage().map(DecidesRecord::of),
        LifeRecord.of(answer.life()),
        answer.resolution().document(),
        WarningsRecord.of(answer.warnings()));
  }
}
