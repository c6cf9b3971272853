package dev.tunefit.answers.cost;

import dev.tunefit.catalog.range.RangeFile;
import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.cost.Work;
import dev.tunefit.core.fit.FitCheck;
import dev.tunefit.core.fit.Judge;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.job.Strategy;
import dev.tunefit.core.memory.RecentSteps;
import dev.tunefit.core.memory.UnsupportedJobException;
import dev.tunefit.core.plan.GpuRules;
import dev.tunefit.core.time.MatmulType;
import dev.tunefit.core.time.ModelProfile;
import dev.tunefit.core.time.RunEstimate;
import dev.tunefit.core.time.RunEstimator;
import dev.tunefit.core.time.RunExtras;
import dev.tunefit.core.time.TimeEstimate;
import dev.tunefit.core.time.TimeEstimator;
import dev.tunefit.core.time.TrainingData;
import java.util.List;
import java.util.Optional;

/**
 * A job whose model is known. Where it does not say how it is spread over several GPUs, each has a
 * copy if that fits, and else a shard under FSDP2.
 *
 * @param document complete but for hardware
 * @param profile of {@code architecture}
 * @param steps what is known of the job on cards that were asked about before
 */
public record JobWorkload(
    Architecture architecture,
    ModelProfile profile,
    JobDocument document,
    TrainingData data,
    RunExtras extras,
    RecentSteps steps)
    implements Workload {

  private static final String ORIGIN = "priced";

  @Override
  public Outcome on(Gpu gpu, int count) {
    Optional<String> unknown = GpuRules.refusal(gpu);
    if (unknown.isPresent()) {
      return new Outcome.Unknown(unknown.get());
    }
    Outcome outcome = null;
    for (JobDocument spread : spread(count)) {
      outcome = attempt(spread.with(JobKey.GPU, gpu.name(), ORIGIN), gpu);
      if (outcome instanceof Outcome.Runs) {
        return outcome;
      }
    }
    return outcome;
  }

  private List<JobDocument> spread(int count) {
    JobDocument counted = document.with(JobKey.GPU_COUNT, count, ORIGIN);
    return count == 1 || document.has(JobKey.STRATEGY)
        ? List.of(counted)
        : List.of(
            counted.with(JobKey.STRATEGY, Strategy.DDP, ORIGIN),
            counted.with(JobKey.STRATEGY, Strategy.FSDP2, ORIGIN));
  }

  private Outcome attempt(JobDocument job, Gpu gpu) {
    FitCheck check;
    try {
      check = Judge.of(architecture, gpu, 0, RangeFile.embedded()).knowing(steps).check(job);
    } catch (InputException | UnsupportedJobException e) {
      return new Outcome.Unknown(e.getMessage());
    } catch (ArithmeticException e) {
      throw new InputException("the job is too large to be counted in bytes", e);
    }
    ResolvedJob settings = check.resolution().job();
    Optional<String> refusal = GpuRules.refusal(settings, gpu);
    if (refusal.isPresent()) {
      return new Outcome.Unknown(refusal.get());
    }
    return check.spareBytes() < 0
        ? new Outcome.TooLarge(check.deviceBytes(), check.usableBytes())
        : runs(check, settings, gpu);
  }

  private Outcome runs(FitCheck check, ResolvedJob job, Gpu gpu) {
    TimeEstimate time = TimeEstimator.estimate(profile, job, gpu, MatmulType.PRECISION);
    RunEstimate run = RunEstimator.estimate(time, data.processed(job.batch()), extras);
    boolean alone = job.parallelism().gpus() == 1;
    return new Outcome.Runs(
        check.verdict().words(),
        alone ? Optional.empty() : Optional.of(job.parallelism().strategy().label()),
        check.deviceBytes(),
        check.usableBytes(),
        Work.of(time, run, data.tokens()));
  }
}
