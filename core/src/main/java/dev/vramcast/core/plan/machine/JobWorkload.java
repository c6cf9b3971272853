package dev.vramcast.core.plan.machine;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.cost.Charges;
import dev.vramcast.core.cost.Work;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.life.Stored;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.search.GpuRules;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.run.RecentSteps;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.RunWork;
import dev.vramcast.core.time.work.TrainingData;
import java.util.List;
import java.util.Optional;

/**
 * A job whose model is known. Where it does not say how it is spread over several GPUs, it is
 * spread as its framework or most people do if that fits, and else sharded under FSDP2.
 *
 * @param document complete but for hardware
 * @param profile of {@code architecture}
 * @param steps what is known of the job on cards that were asked about before
 * @param ranges of what is needed
 */
public record JobWorkload(
    Architecture architecture,
    ModelProfile profile,
    JobDocument document,
    TrainingData data,
    RunExtras extras,
    RecentSteps steps,
    RangeTable ranges) {

  private static final Place ORIGIN = new Place.Chosen("priced");

  /** Machines that run it together. */
  public int machines() {
    return document.value(JobKey.NODES, Integer.class).orElse(1);
  }

  /**
   * What becomes of it on machines with so many GPUs each. That a way to spread it that nobody
   * asked for is not modelled says less than that the usual one is too large.
   */
  public Outcome on(Gpu gpu, int count) {
    Optional<Notice> unknown = GpuRules.refusal(gpu);
    if (unknown.isPresent()) {
      return new Outcome.Unknown(unknown.get());
    }
    List<JobDocument> spread = spread(count * machines());
    Outcome outcome = attempt(spread.get(0), gpu);
    for (int next = 1; next < spread.size() && !(outcome instanceof Outcome.Runs); next++) {
      Outcome other = attempt(spread.get(next), gpu);
      outcome = other instanceof Outcome.Unknown ? outcome : other;
    }
    return outcome;
  }

  private List<JobDocument> spread(int count) {
    JobDocument counted = document.with(JobKey.GPU_COUNT, count, ORIGIN);
    return count == 1 || document.has(JobKey.STRATEGY)
        ? List.of(counted)
        : List.of(counted, counted.with(JobKey.STRATEGY, Strategy.FSDP2, ORIGIN));
  }

  private Outcome attempt(JobDocument spread, Gpu gpu) {
    JobDocument job = spread.with(JobKey.GPU, gpu.name(), ORIGIN);
    FitCheck check;
    try {
      check = FitEvaluator.of(architecture, gpu, 0, ranges).knowing(steps).check(job);
    } catch (InputException | UnsupportedJobException e) {
      return new Outcome.Unknown(e.notice());
    } catch (ArithmeticException e) {
      throw InputError.of("the job is too large to be counted in bytes").refusal(e);
    }
    ResolvedJob settings = check.resolution().job();
    Optional<Notice> refusal = GpuRules.refusal(settings, gpu);
    if (refusal.isPresent()) {
      return new Outcome.Unknown(refusal.get());
    }
    return check.spareBytes() < 0
        ? new Outcome.TooLarge(check.deviceBytes(), check.usableBytes())
        : runs(check, settings, gpu);
  }

  /**
   * Of machines on which its GPUs hold it, those that have its memory and its disk or do not say
   * what they have. Where there are none, what is too little on the one that comes nearest.
   */
  HostFilter.Found holding(Outcome.Runs runs, List<Offer> offers) {
    return HostFilter.of(
        () ->
            LifeEstimator.estimate(architecture, runs.check().resolution(), runs.check().memory()),
        offers);
  }

  /** What is stored where a run has to pay for it. */
  Stored stored(Outcome.Runs runs, List<Offer> offers) {
    return offers.stream().anyMatch(offer -> Charges.stands(offer.terms()))
        ? Stored.of(
            architecture,
            runs.check().resolution().job(),
            work(runs),
            TrainingData.epochs(runs.check().resolution()))
        : Stored.NOTHING;
  }

  private Optional<RunWork> work(Outcome.Runs runs) {
    return Optional.of(data.work(runs.check().resolution().job()));
  }

  private Outcome runs(FitCheck check, ResolvedJob job, Gpu gpu) {
    TimeEstimate time = TimeEstimator.estimate(profile, job, gpu, MatmulType.PRECISION);
    RunEstimate run = RunEstimator.estimate(time, job, data.work(job), extras);
    boolean alone = job.parallelism().gpus() == 1;
    return new Outcome.Runs(
        check.verdict(),
        check.chance(),
        alone ? Optional.empty() : Optional.of(job.parallelism().strategy().label()),
        check.deviceBytes(),
        check.usableBytes(),
        Work.of(time, run, data.tokens()),
        check);
  }
}
