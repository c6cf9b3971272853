package dev.vramcast.core.plan.setting;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.time.work.RunWork;
import dev.vramcast.core.time.work.TrainingData;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * All settings of a job on some number of GPUs.
 *
 * @param possible how many there are
 * @param legal those that can run, and are modelled
 * @param refusal why the first of the others cannot; empty where there is none
 */
public record Settings(long possible, List<Setting> legal, Optional<Notice> refusal) {

  public Settings {
    legal = List.copyOf(legal);
  }

  /**
   * Every variant with every split of the batch.
   *
   * @param job without a number of GPUs
   * @param data what the run is trained on
   */
  public static Settings of(
      Placement placement, JobDocument job, Choices choices, TrainingData data) {
    JobDocument counted = counted(placement, job);
    List<BatchSplit> splits = BatchSplit.of(job, choices, placement.count());
    List<Variant> variants = Variants.of(placement, counted, choices);
    Architecture architecture = placement.architecture();
    Map<Batch, Double> tokens = Collections.synchronizedMap(new HashMap<>());
    List<Attempt> attempts =
        variants.parallelStream()
            .map(variant -> Attempt.of(architecture, variant.on(counted), splits))
            .toList();
    List<Setting> legal =
        attempts.stream()
            .flatMap(attempt -> attempt.resolved().stream())
            .flatMap(resolved -> split(resolved, splits, data, tokens))
            .filter(setting -> sequences(setting.job()) >= choices.sequences().orElse(1))
            .toList();
    Optional<Notice> refusal =
        attempts.stream().flatMap(attempt -> attempt.refusal().stream()).findFirst();
    return new Settings(count(variants, splits), legal, refusal);
  }

  /** How many settings there are, whether they can run or not. */
  public static long count(Placement placement, JobDocument job, Choices choices) {
    return count(
        Variants.of(placement, counted(placement, job), choices),
        BatchSplit.of(job, choices, placement.count()));
  }

  private static JobDocument counted(Placement placement, JobDocument job) {
    return job.with(JobKey.GPU_COUNT, placement.count(), Variant.ORIGIN);
  }

  private static long count(List<Variant> variants, List<BatchSplit> splits) {
    return (long) variants.size() * Math.max(1, splits.size());
  }

  /** A variant with what its smallest split resolves to. */
  private record Resolved(JobDocument variant, ResolvedJob job) {}

  /** A variant that can run and is modelled, or why it cannot or is not. */
  private record Attempt(Optional<Resolved> resolved, Optional<Notice> refusal) {

    static Attempt of(Architecture architecture, JobDocument variant, List<BatchSplit> splits) {
      JobDocument first = splits.isEmpty() ? variant : splits.get(0).on(variant);
      try {
        ResolvedJob resolved = JobResolver.resolve(first).job();
        ResolvedJob job = first.locating(() -> MemoryEstimator.checked(architecture, resolved));
        return new Attempt(Optional.of(new Resolved(variant, job)), Optional.empty());
      } catch (InputException | UnsupportedJobException e) {
        return new Attempt(Optional.empty(), Optional.of(e.notice()));
      }
    }
  }

  /**
   * Nothing but the batch depends on how it is divided, so that one resolution is enough. Without
   * accumulation some gradients are never held, so that such a split stands for itself.
   */
  private static Stream<Setting> split(
      Resolved resolved, List<BatchSplit> splits, TrainingData data, Map<Batch, Double> tokens) {
    ResolvedJob first = resolved.job();
    if (splits.isEmpty()) {
      RunWork work = work(first, data, tokens);
      Splits alone = new Splits(List.of(first));
      return Stream.of(new Setting(resolved.variant(), Optional.empty(), work, alone, 0));
    }
    Map<Boolean, List<BatchSplit>> groups =
        splits.stream().collect(Collectors.partitioningBy(split -> split.gradAccum() > 1));
    return groups.values().stream().flatMap(group -> group(resolved, group, data, tokens));
  }

  private static Stream<Setting> group(
      Resolved resolved, List<BatchSplit> splits, TrainingData data, Map<Batch, Double> tokens) {
    ResolvedJob first = resolved.job();
    List<ResolvedJob> jobs =
        splits.stream().map(split -> first.with(split.of(first.batch()))).toList();
    Splits together = new Splits(jobs);
    return IntStream.range(0, jobs.size())
        .mapToObj(
            i ->
                new Setting(
                    resolved.variant(),
                    Optional.of(splits.get(i)),
                    work(jobs.get(i), data, tokens),
                    together,
                    i));
  }

  /** Padding depends on the micro-batch and not on accumulation. */
  private static RunWork work(ResolvedJob job, TrainingData data, Map<Batch, Double> tokens) {
    Batch alone = new BatchSplit(job.batch().microBatch(), 1).of(job.batch());
    return data.work(job, tokens.computeIfAbsent(alone, data::processed));
  }

  /** Sequences that all ranks see in an optimizer step. */
  public static long sequences(ResolvedJob job) {
    long ranks = job.parallelism().dataParallel();
    return ranks * job.batch().microBatch() * job.batch().gradAccum();
  }
}
