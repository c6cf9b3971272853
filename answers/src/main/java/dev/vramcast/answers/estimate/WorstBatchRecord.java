package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.DataLengths;
import dev.vramcast.answers.memory.DataReport;
import dev.vramcast.answers.record.Describes;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.data.WorstBatch;
import dev.vramcast.core.input.Shown;
import dev.vramcast.formats.dataset.DatasetLengths;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** For programs: how long batches get, and how long a card survives; lengths in tokens. */
record WorstBatchRecord(
    @Describes("How examples fill a batch, as batch.padding.") String padding,
    @Describes("Where the lengths come from.") String source,
    @Describes("The file that was measured; null where the job gives lengths itself.")
        Optional<File> file,
    @Describes("Lengths of the examples, before a cut-off.") Lengths examples,
    @Describes("Tokens that examples are cut off at.") long cutOff,
    @Describes("Share of the examples that are longer.") double cutShare,
    @Describes("Tokens of a sequence of the longest batch.") long longestBatch,
    @Describes("Lengths of batches; null where all are as long.") Optional<Batches> batches,
    @Describes("What the card holds; null without one, or where all batches are as long.")
        Optional<Survival> survives) {

  /** A file of examples. */
  record File(
      @Describes("Its path.") String path,
      @Describes("The kinds of fields that its examples have.") List<String> fields,
      @Describes("Examples that were read.") long examples,
      @Describes("Whether it was read to its end.") boolean complete,
      @Describes("What tokens are guessed from; null where a tokenizer counted, or the file.")
          OptionalDouble charactersPerToken) {

    private static File of(DatasetLengths data) {
      return new File(
          data.source(),
          data.shapes(),
          data.lengths().examples(),
          data.complete(),
          data.charactersPerToken());
    }
  }

  /** Lengths of examples. */
  record Lengths(
      @Describes("Mean, to a tenth.") double mean,
      @Describes("Half of them are no longer.") long p50,
      @Describes("95 of 100 are no longer.") long p95,
      @Describes("99 of 100 are no longer.") long p99,
      @Describes("The longest.") long max) {

    private static Lengths of(LengthDistribution lengths) {
      return new Lengths(
          Math.rint(10 * lengths.mean()) / 10,
          lengths.quantile(0.5),
          lengths.quantile(0.95),
          lengths.quantile(0.99),
          lengths.max());
    }
  }

  /** Lengths of the longest example of each batch. */
  record Batches(
      @Describes("Sequences of a batch.") long microBatch,
      @Describes("Batches that are worked on at a time.") long dataParallel,
      @Describes("Half of them are no longer.") long p50,
      @Describes("95 of 100 are no longer.") long p95,
      @Describes("99 of 100 are no longer.") long p99,
      @Describes("The longest.") long max) {

    private static Batches of(WorstBatch batch) {
      return new Batches(
          batch.microBatch(),
          batch.dataParallel(),
          batch.batches().quantile(0.5),
          batch.batches().quantile(0.95),
          batch.batches().quantile(0.99),
          batch.longest());
    }
  }

  /** How long batches may be on the card. */
  record Survival(
      @Describes("Where memory is at the high end of its range.") Reach highEndOfRange,
      @Describes("Where memory is as estimated.") Reach estimate,
      @Describes("Where memory is at the low end of its range.") Reach lowEndOfRange) {

    private static Survival of(WorstBatch batch, WorstBatch.Survival survival) {
      return new Survival(
          Reach.of(batch, survival.surely()),
          Reach.of(batch, survival.expected()),
          Reach.of(batch, survival.perhaps()));
    }
  }

  /** A length up to which a card survives. */
  record Reach(
      @Describes("Tokens of the longest sequence that it holds.") long tokens,
      @Describes("Share of the examples that are no longer.") double exampleShare,
      @Describes("Share of the batches that are no longer.") double batchShare,
      @Describes("Mean steps before a longer batch comes; null where none does.")
          OptionalDouble stepsToALongerBatch,
      @Describes("Chance that no batch of the run is longer; null where its length is not known.")
          OptionalDouble runChance) {

    private static Reach of(WorstBatch batch, int tokens) {
      double steps = batch.rounds().batchesToLonger(tokens);
      return new Reach(
          tokens,
          batch.cut().shareUpTo(tokens),
          batch.batches().shareUpTo(tokens),
          Double.isInfinite(steps) ? OptionalDouble.empty() : OptionalDouble.of(steps),
          batch.chanceWithin(tokens));
    }
  }

  static WorstBatchRecord of(DataReport report) {
    WorstBatch batch = report.batch();
    boolean varies = report.varies();
    return new WorstBatchRecord(
        Shown.value(report.padding()),
        report.data().source(),
        report.data() instanceof DataLengths.Measured file
            ? Optional.of(File.of(file.data()))
            : Optional.empty(),
        Lengths.of(batch.lengths()),
        batch.cutOff(),
        batch.shareCut(),
        varies ? batch.longest() : batch.cutOff(),
        varies ? Optional.of(Batches.of(batch)) : Optional.empty(),
        batch.survival().map(survival -> Survival.of(batch, survival)));
  }
}
