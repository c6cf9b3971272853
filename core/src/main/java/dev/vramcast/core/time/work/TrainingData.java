package dev.vramcast.core.time.work;

import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
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
   * The data of a job document: the sequences of {@code data.steps}, which end a run, else {@code
   * data.tokens}, else examples times epochs, times the tokens of each. An example of a stage that
   * compares is a pair, whose answers are a sequence each; one of embeddings has several texts; one
   * of a stage that generates is a prompt, with a sequence for each completion of its group and
   * each update of the policy on it.
   *
   * @return empty when the document has none of them
   */
  public static Optional<TrainingData> of(Resolution resolution) {
    return of(key -> number(resolution, key), resolution.job());
  }

  /** As {@link #of(Resolution)}, of the numbers behind the five keys. */
  public static Optional<TrainingData> of(
      Function<JobKey, OptionalDouble> numbers, ResolvedJob job) {
    boolean ends = numbers.apply(JobKey.STEPS).isPresent();
    OptionalDouble seen = sequences(numbers, job);
    OptionalDouble tokens = ends ? OptionalDouble.empty() : numbers.apply(JobKey.TOKENS);
    if (tokens.isPresent()) {
      return Optional.of(new TrainingData(tokens.getAsDouble(), seen));
    }
    int length = job.batch().sequenceLength();
    boolean full = ends && job.batch().padding() == Padding.PACKED;
    double mean = full ? length : numbers.apply(JobKey.TOKENS_PER_EXAMPLE).orElse(length);
    return seen.isPresent()
        ? Optional.of(new TrainingData(seen.getAsDouble() * mean, seen))
        : Optional.empty();
  }

  /**
   * Whether a run has sequences of which nobody says how long they are, and shorter ones save.
   * Packed rows are full however long examples are, of which shorter ones make fewer rows; so many
   * steps have as many rows of either.
   */
  public static boolean fillsSequences(Resolution resolution) {
    Batch batch = resolution.job().batch();
    boolean saves =
        switch (batch.padding()) {
          case LONGEST -> true;
          case PACKED -> number(resolution, JobKey.STEPS).isEmpty();
          case PADDED -> false;
        };
    return saves
        && number(resolution, JobKey.TOKENS).isEmpty()
        && number(resolution, JobKey.TOKENS_PER_EXAMPLE).isEmpty()
        && of(resolution).filter(data -> data.isFull(batch)).isPresent();
  }

  private boolean isFull(Batch batch) {
    return examples.isPresent() && tokens == examples.getAsDouble() * batch.sequenceLength();
  }

  private static OptionalDouble sequences(
      Function<JobKey, OptionalDouble> numbers, ResolvedJob job) {
    OptionalDouble steps = numbers.apply(JobKey.STEPS);
    if (steps.isPresent()) {
      return OptionalDouble.of(steps.getAsDouble() * sequencesOfAStep(job));
    }
    OptionalDouble examples = numbers.apply(JobKey.EXAMPLES);
    return examples.isPresent()
        ? OptionalDouble.of(examples.getAsDouble() * epochs(numbers) * learnedOfAnExample(job))
        : OptionalDouble.empty();
  }

  private static double epochs(Function<JobKey, OptionalDouble> numbers) {
    return numbers.apply(JobKey.EPOCHS).orElse(1);
  }

  /** How often a run sees its examples. */
  public static double epochs(Resolution resolution) {
    return epochs(key -> number(resolution, key));
  }

  /** The same, before a job is resolved. */
  public static double epochs(JobDocument document) {
    return epochs(
        key ->
            document
                .value(key, Number.class)
                .map(number -> OptionalDouble.of(number.doubleValue()))
                .orElse(OptionalDouble.empty()));
  }

  /** Sequences of all micro-batches of a step; a batch of pairs has two for each. */
  private static double sequencesOfAStep(ResolvedJob job) {
    double rows = (double) job.batch().microBatch() * job.batch().gradAccum();
    return rows * job.parallelism().dataParallel() * job.objective().sequencesOfAnExample();
  }

  /** Completions of a group; empty where none are generated, or nothing is known of groups. */
  public static Optional<Integer> completionsOfAPrompt(ResolvedJob job) {
    return job.objective().generated().flatMap(each -> each.groupSize());
  }

  /** Sequences that steps see of an example: each update sees all that was generated. */
  private static double learnedOfAnExample(ResolvedJob job) {
    int usual = job.objective().sequencesOfAnExample();
    int updates = job.objective().generated().flatMap(each -> each.iterations()).orElse(1);
    return (double) completionsOfAPrompt(job).orElse(usual) * updates;
  }

  /** Examples, of all epochs, that so many steps see. */
  public static double examplesOf(double steps, ResolvedJob job) {
    return steps * sequencesOfAStep(job) / learnedOfAnExample(job);
  }

  /** The number behind a key; empty where there is none. */
  public static OptionalDouble number(Resolution resolution, JobKey key) {
    return resolution
        .value(key)
        .filter(value -> value.value() instanceof Number)
        .map(value -> OptionalDouble.of(((Number) value.value()).doubleValue()))
        .orElse(OptionalDouble.empty());
  }

  /** What GPUs do in a run of a job over it. */
  public RunWork work(ResolvedJob job) {
    return work(job, processed(job.batch()));
  }

  /**
   * As {@link #work(ResolvedJob)}, where it is known how many tokens GPUs work on. Packed rows are
   * full, others hold an example each.
   */
  public RunWork work(ResolvedJob job, double processed) {
    Batch batch = job.batch();
    boolean full = batch.padding() == Padding.PACKED || examples.isEmpty();
    double rows = full ? processed / batch.sequenceLength() : examples.getAsDouble();
    return new RunWork(processed, (long) Math.ceil(rows / sequencesOfAStep(job)));
  }

  /** Tokens that GPUs work on, padding included, which is to no more than the longest sequence. */
  public double processed(Batch batch) {
    if (batch.padding() == Padding.PACKED || examples.isEmpty()) {
      return tokens;
    }
    double most = examples.getAsDouble() * batch.sequenceLength();
    if (batch.padding() == Padding.PADDED || tokens >= most) {
      return most;
    }
    double mean = tokens / examples.getAsDouble();
    double share = Lengths.share(mean, batch.sequenceLength(), batch.microBatch());
    return Math.min(most, tokens / share);
  }
}
