package dev.vramcast.answers.request;

import dev.vramcast.answers.memory.DataLengths;
import dev.vramcast.answers.memory.DataReport;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.data.WorstBatch;
import dev.vramcast.core.data.WorstBatch.Survival;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.Parallelism;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.job.rule.Provenance;
import dev.vramcast.core.job.rule.ResolvedValue;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** A job together with the lengths of its examples. */
public record DataStudy(JobDocument document, DataLengths data, SequenceLength length) {

  /** The job's resolution, with what the data say about the run as a whole. */
  public Resolution resolution() {
    Resolution resolution = length.resolution();
    List<ResolvedValue> values = new ArrayList<>(resolution.values());
    if (!document.has(JobKey.EXAMPLES)) {
      data.examples().ifPresent(count -> values.add(derived(JobKey.EXAMPLES, (double) count)));
    }
    if (!document.has(JobKey.TOKENS_PER_EXAMPLE)) {
      double mean = data.lengths().cutAt(length.cutOff()).mean();
      values.add(derived(JobKey.TOKENS_PER_EXAMPLE, Math.max(1, Math.rint(mean * 10) / 10)));
    }
    values.sort(Comparator.comparing(ResolvedValue::key));
    return new Resolution(resolution.job(), values, resolution.warnings());
  }

  private ResolvedValue derived(JobKey key, double value) {
    boolean measured = data instanceof DataLengths.Measured;
    JobKey from = measured ? JobKey.DATA_FILE : JobKey.LENGTHS;
    return new ResolvedValue(key, value, Provenance.DERIVED, from.path());
  }

  /** What batches of the data hold, and how much of it a card survives. */
  public DataReport report(Architecture architecture, Optional<Gpu> card) {
    ResolvedJob job = length.resolution().job();
    Batch batch = job.batch();
    int longest = Math.min(data.lengths().max(), length.cutOff());
    Optional<Survival> survival =
        card.filter(named -> batch.padding() == Padding.LONGEST)
            .map(
                named ->
                    new CardSearch(
                            FitEvaluator.of(architecture, named, 0, RangeFile.embedded()),
                            document,
                            job.parallelism().sequenceMultiple())
                        .survival(longest));
    WorstBatch worst =
        new WorstBatch(
            data.lengths(),
            length.cutOff(),
            batch.microBatch(),
            dataParallel(job.parallelism()),
            examples(),
            document.value(JobKey.EPOCHS, Double.class).orElse(1.0),
            survival);
    return new DataReport(data, batch.padding(), worst);
  }

  private OptionalDouble examples() {
    Optional<Double> coverage = document.value(JobKey.EXAMPLES, Double.class);
    if (coverage.isPresent()) {
      return OptionalDouble.of(coverage.get());
    }
    return data.examples().isPresent()
        ? OptionalDouble.of(data.examples().getAsLong())
        : OptionalDouble.empty();
  }

  /** Ranks that a model is divided among work on the same examples. */
  private static int dataParallel(Parallelism degrees) {
    return Math.max(
        1, degrees.gpus() / (degrees.tensor() * degrees.pipeline() * degrees.context()));
  }
}
