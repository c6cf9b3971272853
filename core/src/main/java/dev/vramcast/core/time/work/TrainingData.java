package dev.vramcast.core.time.work;

import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.resolve.Resolution;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * What a run is trained on.
 *
 * @param tokens of all epochs, without padding
 * @param examples of all epochs; empty when not known
 */
public record TrainingData(double tokens, OptionalDouble examples) {

  /**
   * The data of a job document: {@code data.tokens}, else examples times tokens times epochs. An
   * example of a stage that compares is a pair, whose answers are a sequence each; one of a stage
   * that generates is a prompt, with a sequence for each completion of its group.
   *
   * @return empty when the document has neither
   */
  public static Optional<TrainingData> of(Resolution resolution) {
    ResolvedJob job = resolution.job();
    int sequences =
        job.objective()
            .generated()
            .flatMap(each -> each.groupSize())
            .orElse(job.objective().stage().sequencesOfAnExample());
    return of(
        key -> {
          OptionalDouble given = number(resolution, key);
          return key == JobKey.EXAMPLES && given.isPresent()
              ? OptionalDouble.of(given.getAsDouble() * sequences)
              : given;
        },
        job.batch().sequenceLength());
  }

  /**
   * As {@link #of(Resolution)}, of the numbers behind the four keys.
   *
   * @param sequenceLength tokens of an example when nothing says how many it has
   */
  public static Optional<TrainingData> of(
      Function<JobKey, OptionalDouble> numbers, int sequenceLength) {
    OptionalDouble examples = numbers.apply(JobKey.EXAMPLES);
    double epochs = numbers.apply(JobKey.EPOCHS).orElse(1);
    OptionalDouble seen =
        examples.isPresent()
            ? OptionalDouble.of(examples.getAsDouble() * epochs)
            : OptionalDouble.empty();
    OptionalDouble tokens = numbers.apply(JobKey.TOKENS);
    if (tokens.isPresent()) {
      return Optional.of(new TrainingData(tokens.getAsDouble(), seen));
    }
    double mean = numbers.apply(JobKey.TOKENS_PER_EXAMPLE).orElse(sequenceLength);
    return seen.isPresent()
        ? Optional.of(new TrainingData(seen.getAsDouble() * mean, seen))
        : Optional.empty();
  }

  /** The number behind a key; empty where there is none. */
  public static OptionalDouble number(Resolution resolution, JobKey key) {
    return resolution
        .value(key)
        .filter(value -> value.value() instanceof Number)
        .map(value -> OptionalDouble.of(((Number) value.value()).doubleValue()))
        .orElse(OptionalDouble.empty());
  }

  /** Tokens that GPUs work on, padding included. */
  public double processed(Batch batch) {
    if (batch.padding() == Padding.PACKED || examples.isEmpty()) {
      return tokens;
    }
    double mean = Math.min(tokens / examples.getAsDouble(), batch.sequenceLength());
    return batch.padding() == Padding.PADDED
        ? examples.getAsDouble() * batch.sequenceLength()
        : tokens / Lengths.share(mean, batch.sequenceLength(), batch.microBatch());
  }
}
