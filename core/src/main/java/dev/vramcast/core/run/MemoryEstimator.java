package dev.vramcast.core.run;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.code.RunningNames;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Interruption;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.LayerCode;
import dev.vramcast.core.job.option.Strategy;
import dev.vramcast.core.megatron.MegatronRanks;
import dev.vramcast.core.run.check.JobChecks;
import dev.vramcast.core.run.check.MegatronScope;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.shard.ModelSlice;
import dev.vramcast.core.step.EpisodeWriter;
import dev.vramcast.core.step.EpisodeWriter.Asked;
import dev.vramcast.core.trace.Phase;
import dev.vramcast.core.trace.StepTraces;
import dev.vramcast.core.trace.TraceReading;
import dev.vramcast.core.trace.replay.HeldBeside;
import dev.vramcast.core.trace.replay.LoadedAhead;
import dev.vramcast.core.trace.replay.program.Loading;
import java.util.List;
import java.util.Optional;

/**
 * Estimates the memory of a run by writing its episodes to traces and reading the peaks off them.
 */
public final class MemoryEstimator {

  private MemoryEstimator() {}

  /**
   * The estimate for a job on an architecture.
   *
   * @param gpu decides the sizes of library workspaces; empty leaves them out
   * @throws dev.vramcast.core.input.InputException when the job cannot run on this architecture
   * @throws UnsupportedJobException when it can, but is not modelled
   * @throws dev.vramcast.core.input.EndedException when the thread is interrupted before
   */
  public static MemoryEstimate estimate(
      Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    Architecture named = RunningNames.in(architecture, job);
    return MemoryEstimate.of(ranks(named, job, gpu), named, job, gpu);
  }

  /** The ranks of {@link #estimate} alone, without assumptions in words: for many jobs. */
  public static List<RankEstimate> ranks(Architecture model, ResolvedJob job, Optional<Gpu> gpu) {
    return ranks(model, job, gpu, Asked.ALL);
  }

  /**
   * As {@link #ranks(Architecture, ResolvedJob, Optional)}, of which no more than allocated and
   * pinned bytes may be read where the least is asked.
   */
  static List<RankEstimate> ranks(
      Architecture model, ResolvedJob job, Optional<Gpu> gpu, Asked asked) {
    Interruption.check();
    Architecture architecture = RunningNames.in(model, job);
    JobChecks.check(architecture, job);
    Engine.of(architecture, job, gpu)
        .ifPresent(engine -> engine.checkStart(architecture, job, gpu.orElseThrow()));
    return read(architecture, job, gpu, asked);
  }

  /**
   * The job, unless something forbids it on whatever card, which is thrown as by {@link #estimate}.
   * An engine beside the policy is left out: it is a share of the card, so each has its own answer.
   */
  public static ResolvedJob checked(Architecture model, ResolvedJob job) {
    Interruption.check();
    Architecture architecture = RunningNames.in(model, job);
    JobChecks.check(architecture, job);
    read(architecture, job, Optional.empty(), Asked.LEAST);
    return job;
  }

  private static List<RankEstimate> read(
      Architecture architecture, ResolvedJob job, Optional<Gpu> gpu, Asked asked) {
    ResolvedJob running = architecture.readsText() ? job.hearing(architecture) : job;
    try {
      return read(
          architecture,
          running,
          CardTraits.of(architecture, running, gpu),
          DeviceMemory.outside(job, gpu),
          asked);
    } catch (ArithmeticException overflow) {
      throw InputError.of(
              "the ", architecture.modelType(), " model and its batch are too large for any memory")
          .refusal(overflow);
    }
  }

  /**
   * The estimates, once all of a card is known.
   *
   * @param placeless a job as resolved, which does not know which linears its card has
   */
  private static List<RankEstimate> read(
      Architecture architecture,
      ResolvedJob placeless,
      CardTraits card,
      RankEstimate.Outside outside,
      Asked asked) {
    ResolvedJob job = placeless.with(card.linears());
    List<Episode> episodes = RunPlan.of(job).episodes();
    if (job.parallelism().strategy() == Strategy.MEGATRON) {
      return ofMegatron(architecture, job, episodes, card, outside);
    }
    Architecture slice =
        ModelSlice.of(
            architecture, job.parallelism(), job.frameworkCode().is(LayerCode.WHOLE_EMBEDDING));
    if (job.parallelism().pipeline() > 1) {
      return PipelineRanks.of(slice, job, episodes, card, outside);
    }
    ResolvedJob first = job.emptiesQuantised() ? job.ofFirstRank() : job;
    StepTraces traces = traces(slice, first, episodes, card, asked);
    Optional<LoadedAhead> ahead =
        job.emptiesQuantised()
            ? Optional.of(LoadedAhead.of(traces(slice, job, episodes, card, asked).device()))
            : Optional.empty();
    HeldBeside beside = new HeldBeside(ChangingLengths.of(job), 0, card.loading(), ahead);
    int gpus = job.parallelism().gpus();
    return List.of(RankEstimate.of("every rank", gpus, traces, outside, card.allocator(), beside));
  }

  private static List<RankEstimate> ofMegatron(
      Architecture architecture,
      ResolvedJob job,
      List<Episode> episodes,
      CardTraits card,
      RankEstimate.Outside outside) {
    return MegatronRanks.of(
            architecture,
            job,
            episodes,
            MegatronScope.targets(job),
            card.workspaces(),
            card.engine())
        .stream()
        .map(
            r ->
                RankEstimate.of(
                    r.name(),
                    r.count(),
                    r.traces(),
                    outside,
                    card.allocator(),
                    new HeldBeside(ChangingLengths.of(job), r.waiting(), Loading.PLAIN)))
        .toList();
  }

  private static StepTraces traces(
      Architecture slice, ResolvedJob job, List<Episode> episodes, CardTraits card, Asked asked) {
    EpisodeWriter.OnCard size =
        new EpisodeWriter.OnCard(
            card.workspaces().torchBytes(),
            card.workspaces().engineBytes(),
            card.sdpa(),
            card.room(),
            card.engine());
    return EpisodeWriter.write(slice, job, episodes, size, asked);
  }

  /** What the models of a job hold of a card once they are there, before any pass. */
  public static long loadedBytes(Architecture model, ResolvedJob job) {
    Architecture architecture = RunningNames.in(model, job);
    CardTraits card = CardTraits.of(architecture, job, Optional.empty());
    ResolvedJob placed = job.with(card.linears());
    List<Episode> loads =
        RunPlan.of(placed).episodes().stream().filter(Episode.Load.class::isInstance).toList();
    StepTraces traces = traces(architecture, placed, loads, card, Asked.ALL);
    return TraceReading.of(traces.device()).phaseEnds().getOrDefault(Phase.LOAD, 0L);
  }

  /**
   * What a rank of a job holds outside PyTorch's allocator, which takes no estimate to know.
   *
   * @param gpu as for {@link #estimate}
   */
  public static RankEstimate.Outside outside(ResolvedJob job, Optional<Gpu> gpu) {
    return DeviceMemory.outside(job, gpu);
  }
}
