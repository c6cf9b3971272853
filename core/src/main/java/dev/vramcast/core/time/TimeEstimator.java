package dev.vramcast.core.time;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.code.RunningNames;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.SpeedCoefficient;
import dev.vramcast.core.hardware.SpeedCoefficients;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.code.SpreadCode;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.objective.Settings;
import dev.vramcast.core.run.RunPlan;
import dev.vramcast.core.run.check.JobChecks;
import dev.vramcast.core.run.episode.Episode;
import dev.vramcast.core.run.episode.Pass;
import dev.vramcast.core.run.episode.PassBatch;
import dev.vramcast.core.run.episode.ResidentModel;
import dev.vramcast.core.time.rate.AdapterTraffic;
import dev.vramcast.core.time.rate.FakeQuantisationTraffic;
import dev.vramcast.core.time.rate.Layout;
import dev.vramcast.core.time.rate.Links;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.rate.OptimizerTraffic;
import dev.vramcast.core.time.rate.Rates;
import dev.vramcast.core.time.rate.Stack;
import dev.vramcast.core.time.work.AdapterTargets;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.ModelWork;
import dev.vramcast.core.time.work.Passes;
import dev.vramcast.core.time.work.Trained;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Estimates how fast a job runs from what it computes, moves, launches and sends. */
public final class TimeEstimator {

  /** Scores and values forward, and each twice more backward: model work, without recomputation. */
  private static final double MODEL_ATTENTION = 3;

  private final ModelProfile model;
  private final ResolvedJob job;
  private final Gpu gpu;
  private final PassBatch batch;
  private final ModelWork work;
  private final Passes passes;
  private final Layout layout;
  private final Links links;
  private final Rates rates;
  private final Trained trained;
  private final TowerTime tower;
  private final TowerTime sound;
  private final EvaluationTime evaluation;
  private final Optional<GenerationTime> generation;

  private TimeEstimator(ModelProfile model, ResolvedJob job, Gpu gpu, MatmulType type) {
    job.parallelism()
        .expertsOnHost()
        .ifPresent(
            kept -> {
              throw Gap.value(JobKey.OFFLOAD, kept)
                  .and(" by the hour")
                  .needs("how fast the host multiplies")
                  .refusal();
            });
    this.model = model;
    this.job = job;
    this.gpu = gpu;
    RunPlan plan = RunPlan.of(job);
    Episode.Step step = plan.step();
    this.batch = step.batch();
    this.work = ModelWork.of(model, batch.length());
    this.passes = tiled(Passes.of(step, scored(plan), job, work.layers(), this::size));
    this.links =
        Links.of(gpu, job.frameworkCode().is(SpreadCode.COPIES_ITSELF))
            .over(job.parallelism().network());
    this.layout = Layout.of(job, gpu, links, model.layers());
    this.rates = Rates.of(job, gpu, type);
    this.trained = Trained.of(model, job);
    this.tower = TowerTime.of(model, job, rates, layout, gpu.throughput().coefficients());
    this.sound = TowerTime.ofSound(model, job, rates, layout, gpu.throughput().coefficients());
    GenerationTime.Inputs inputs =
        new GenerationTime.Inputs(model, work, job, gpu, layout, links, rates);
    this.evaluation = new EvaluationTime(inputs);
    this.generation = GenerationTime.of(inputs);
  }

  /** Tiled MLPs run forward once more. */
  private Passes tiled(Passes all) {
    if (job.mlpTiles().isEmpty()) {
      return all;
    }
    double inside = model.activations() - model.hidden() * model.layers();
    return all.runningAgain(
        model.weights().mlps() / model.weights().linear(), inside / model.activations());
  }

  /** What a token costs in the layers of a model, in units of the trained one's. */
  private double size(ResidentModel model) {
    Objective objective = job.objective();
    Optional<Architecture> other =
        switch (model) {
          case POLICY, REFERENCE -> Optional.empty();
          case TEACHER -> objective.distilled().flatMap(Settings.Teacher::architecture);
          case VALUE -> objective.valuing().flatMap(Settings.Companion::architecture);
          case REWARD -> objective.rewarding().get(0).architecture();
        };
    return other
        .map(each -> ModelWork.of(ModelProfile.of(each), batch.length()).linear() / work.linear())
        .orElse(1.0);
  }

  /** Passes that run for every generated batch, and those of a value model's own step. */
  private static List<Pass> scored(RunPlan plan) {
    return plan.episodes().stream()
        .filter(
            each ->
                (each instanceof Episode.Scoring && each.repeats())
                    || each instanceof Episode.ValueStep)
        .flatMap(each -> each.passes().stream())
        .toList();
  }

  /** Whether enough is known of a GPU to estimate time on it. */
  public static boolean knows(Gpu gpu) {
    return gpu.throughput().halfTeraflops().isPresent()
        && gpu.throughput().memoryGigabytesPerSecond().isPresent();
  }

  /**
   * Whether enough is known of a GPU to estimate a job's time on it: the host multiplies nothing.
   */
  public static boolean knows(Gpu gpu, ResolvedJob job) {
    return knows(gpu) && job.parallelism().expertsOnHost().isEmpty();
  }

  /**
   * Whether all that a job's step waits for is modelled. Pages on their way to the GPU
   * (bitsandbytes' paged optimizers) are not: how many move depends on what else is in memory; nor
   * are products of the host.
   */
  public static boolean covers(ResolvedJob job) {
    return !job.optimizer().name().isPaged() && job.parallelism().expertsOnHost().isEmpty();
  }

  /** Whether the time of what an evaluation of such a model generates is modelled. */
  public static boolean timesEvaluation(Architecture model) {
    return EvaluationTime.covers(model);
  }

  /**
   * The estimate for a job on an architecture.
   *
   * @param type in which the layers' products run
   * @throws InputException when the GPU's rates are not known
   */
  public static TimeEstimate estimate(
      Architecture architecture, ResolvedJob asked, Gpu gpu, MatmulType type) {
    JobChecks.checkModelled(architecture, asked);
    return estimate(ModelProfile.of(architecture), asked, gpu, type);
  }

  /** As {@link #estimate(Architecture, ResolvedJob, Gpu, MatmulType)}, of a model counted once. */
  public static TimeEstimate estimate(
      ModelProfile counted, ResolvedJob asked, Gpu gpu, MatmulType type) {
    TimeEstimator estimator = prepared(counted, asked, gpu, type);
    return estimator.estimate(estimator.assumptions());
  }

  private List<Remark> assumptions() {
    List<Remark> all =
        new ArrayList<>(
            TimeAssumptions.of(job, gpu, layout, links, experts(gpu.throughput().coefficients())));
    if (job.batch().hasImages()) {
      all.add(Remark.about(JobKey.IMAGES, tower.sentence()));
    }
    if (job.batch().hasSound()) {
      all.add(Remark.about(JobKey.AUDIO_SECONDS, sound.sentenceOfSound()));
    }
    evaluation.remark().ifPresent(all::add);
    generation.map(each -> Remark.about(JobKey.ENGINE, each.sentence(job))).ifPresent(all::add);
    return all;
  }

  /**
   * The same figures without assumptions, which take longer to put into words than all figures to
   * compute: for searches over many jobs.
   */
  public static TimeEstimate figures(
      ModelProfile counted, ResolvedJob asked, Gpu gpu, MatmulType type) {
    return prepared(counted, asked, gpu, type).estimate(List.of());
  }

  /** Of the layers that run, and of what they hear and look at. */
  private static TimeEstimator prepared(
      ModelProfile counted, ResolvedJob asked, Gpu gpu, MatmulType type) {
    ResolvedJob job = asked.hearing(counted.model());
    MatmulType runs = type.of(job);
    check(gpu, runs);
    return new TimeEstimator(counted.running(job.batch().hasImages()), job, gpu, runs);
  }

  private static void check(Gpu gpu, MatmulType type) {
    if (!knows(gpu)) {
      throw InputError.of(
              "the memory bandwidth or the bf16 rate of '",
              gpu.name(),
              "' is not known, so its time cannot be estimated")
          .concerning(JobKey.GPU)
          .refusal();
    }
    if (!type.runsOn(gpu)) {
      throw InputError.of("'", gpu.name(), "' has no ", type.label(), " rate")
          .kind(ErrorKind.CONTRADICTION)
          .concerning(JobKey.GPU)
          .refusal();
    }
  }

  private TimeEstimate estimate(List<Remark> assumptions) {
    StepTime time = StepTime.of(inputs());
    double tokens = batch.tokens();
    double real = generation.map(each -> each.tokens(job, tokens)).orElse(tokens);
    double tokensPerRank = real * layout.microSteps();
    double tokensPerGpu = tokensPerRank / layout.modelParallel();
    double all = generation.map(each -> each.perToken(job, layout, batch.tokens())).orElse(0.0);
    double generated = GenerationTime.waited(job, all, time.total());
    double total = time.total() + generated;
    RunSizes run =
        new RunSizes(
            model.weights().parameters(),
            evaluation.perToken(
                time.forward(passes, gpu.throughput().coefficients()) / layout.gpus()),
            RunEstimator.checkpointBytes(trained.total(), passes.adapters()));
    SpeedErrorClass errors =
        SpeedErrorClass.of(job, gpu, links, work, model.weights().parameters(), loopsOverExperts());
    SpeedRange range = errors.about(layout.gpus() / total);
    return new TimeEstimate(
        Seconds.duration(tokensPerGpu * total),
        tokensPerRank * layout.dataParallel(),
        new Throughput(1 / total, layout.gpus(), modelOperations() / total / rates.peak(), range),
        TimeParts.of(time, generated, tokensPerGpu),
        run,
        assumptions);
  }

  private StepTime.Inputs inputs() {
    SpeedCoefficients all = gpu.throughput().coefficients();
    return new StepTime.Inputs(
        work,
        passes,
        rates,
        layout,
        batch.tokens(),
        new StepTime.Overheads(
            Stack.of(job).launchSeconds(job.parallelism().strategy(), all),
            Communication.of(work, job, layout, links, trained, passes),
            OptimizerTraffic.bytes(job, layout, trained.total(), all),
            OptimizerTraffic.hostSeconds(job, layout, trained.total(), all),
            residentExperts(),
            experts(all),
            FakeQuantisationTraffic.bytes(job, model.targets(), batch.tokens(), passes.again())
                + adapterBytes(),
            tower.with(sound)),
        all);
  }

  private double modelOperations() {
    return 2 * work.linear() * (passes.linear() + passes.forwards())
        + 2 * work.head() * (passes.head() + passes.forwards())
        + 2 * work.attention() * (MODEL_ATTENTION + passes.forwards());
  }

  private double adapterBytes() {
    double visited = work.isMixtureOfExperts() ? work.activeExperts() / work.experts() : 1;
    AdapterTargets targets = model.targets().named(RunningNames.of(model.model().traits(), job));
    return AdapterTraffic.bytes(job, targets, batch.tokens(), passes.again(), visited);
  }

  private double residentExperts() {
    return Rates.isQuantised(job) ? 0 : work.experts() / job.parallelism().expert();
  }

  private Optional<StepTime.Experts> experts(SpeedCoefficients all) {
    if (!work.isMixtureOfExperts()) {
      return Optional.empty();
    }
    if (loopsOverExperts()) {
      return Optional.of(new StepTime.Experts(all.of(SpeedCoefficient.LOOPED_EXPERTS), true));
    }
    boolean older = gpu.throughput().reached().isBlackwell() && Stack.of(job).isUserStack();
    double factor =
        all.of(SpeedCoefficient.GROUPED_EXPERTS)
            * (older ? all.of(SpeedCoefficient.BLACKWELL_EXPERTS) : 1);
    return Optional.of(new StepTime.Experts(factor, false));
  }

  /** Transformers runs one expert after the other where they are not stacked. */
  private boolean loopsOverExperts() {
    return work.isMixtureOfExperts()
        && Stack.of(job).isUserStack()
        && !job.frameworkCode().hasOwnModels()
        && !model.stackedExperts().contains(job.framework().transformers());
  }
}
