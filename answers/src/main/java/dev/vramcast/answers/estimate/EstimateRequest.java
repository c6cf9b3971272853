package dev.vramcast.answers.estimate;

import dev.vramcast.answers.memory.DataLengths;
import dev.vramcast.answers.memory.DataReport;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.request.DataRequest;
import dev.vramcast.answers.request.DataStudy;
import dev.vramcast.answers.request.DocumentPaths;
import dev.vramcast.answers.request.NamedModels;
import dev.vramcast.answers.request.OwnNames;
import dev.vramcast.answers.request.ProfileChoice;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.answers.request.SequenceLength;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.answers.request.WrittenText;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.catalog.source.LocatedModel;
import dev.vramcast.catalog.source.ModelLocator;
import dev.vramcast.catalog.source.ModelRequest;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.Families;
import dev.vramcast.core.data.LengthDistribution;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Remark;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.MergeDevice;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.plan.search.GpuRules;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.run.PaddedExperts;
import dev.vramcast.core.run.RecentSteps;
import dev.vramcast.core.run.check.CardChecks;
import dev.vramcast.core.run.check.JobChecks;
import dev.vramcast.core.time.RunEstimate;
import dev.vramcast.core.time.RunEstimator;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.core.time.rate.MatmulType;
import dev.vramcast.core.time.work.TrainingData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A job whose memory and time are asked for.
 *
 * @param document what the user said
 * @param sources where model and data may come from
 * @param gpus tells which GPU a name means
 * @param steps what is known of steps that were asked about before
 */
public record EstimateRequest(
    JobDocument document, Sources sources, GpuFinder gpus, RecentSteps steps) {

  private static final Remark FULL =
      Remark.about(
          JobKey.TOKENS_PER_EXAMPLE,
          "Examples are taken to be as long as a sequence may be; shorter ones take less time.");

  /** A request of somebody who asked nothing before. */
  public EstimateRequest(JobDocument document, Sources sources, GpuFinder gpus) {
    this(document, sources, gpus, new RecentSteps());
  }

  /** The request of a call about a job. */
  public static EstimateRequest of(Call call, JobDocument document) {
    return new EstimateRequest(document, call.sources(), call.gpus(), call.means().steps());
  }

  /**
   * Settles the job and estimates its memory and time.
   *
   * @param extras what the run does beside training
   */
  public EstimateReport report(RunExtras extras) {
    RequestedJob job = settle();
    Optional<Gpu> gpu = job.gpu();
    MemoryEstimate memory =
        job.document().locating(() -> estimate(job.model(), job.resolution(), gpu));
    Optional<DataReport> data =
        job.study().map(study -> study.report(job.model().architecture(), gpu));
    List<Notice> warnings = new ArrayList<>(job.warnings());
    Optional<TimeEstimate> time =
        gpu.flatMap(card -> time(job.model(), job.resolution(), card, warnings));
    Optional<RunEstimate> run =
        time.flatMap(speed -> RunEstimator.estimate(speed, job.resolution(), extras));
    return new EstimateReport(
        job.model(), gpu, job.resolution(), memory, data, time, run, warnings);
  }

  /**
   * Throws what forbids the job on whatever card, if anything does: then it is no machine's fault
   * that none runs it.
   *
   * @param job of this request, settled without a card
   */
  public void refuseImpossible(RequestedJob job) {
    Architecture architecture = job.model().architecture();
    job.document().locating(() -> MemoryEstimator.checked(architecture, job.resolution().job()));
  }

  /** The same request about another document. */
  public EstimateRequest with(JobDocument other) {
    return new EstimateRequest(other, sources, gpus, steps);
  }

  /**
   * Finds GPU and model and settles the job.
   *
   * @throws UnsupportedJobException when it asks for what is not modelled on any GPU
   */
  public RequestedJob settle() {
    return settle(gpus.named(document), this::model);
  }

  /**
   * As {@link #settle()}, of a job whose GPU is found.
   *
   * @param finder finds the model, after it is clear how many GPUs there are
   */
  public RequestedJob settle(Optional<GpuMatch> gpu, Supplier<LocatedModel> finder) {
    refuseWithoutStep(document);
    return settled(gpu, finder);
  }

  /** Refuses a job that trains nothing, for whatever looks at steps. */
  public static void refuseWithoutStep(JobDocument document) {
    if (writesWeights(document)) {
      throw InputError.of("this job writes weights and trains nothing, so that it has no step")
          .at(document.place(JobKey.WEIGHTS_ALONE))
          .concerning(JobKey.WEIGHTS_ALONE)
          .hint(
              new Subject.Operation("estimate"),
              " and ",
              new Subject.Operation("fit"),
              " say what it takes")
          .refusal();
    }
  }

  private static boolean writesWeights(JobDocument document) {
    return document.value(JobKey.WEIGHTS_ALONE, Boolean.class).orElse(false);
  }

  /**
   * The answer to a job that trains nothing; empty for any other.
   *
   * @param keptFreeBytes of the card
   */
  public Optional<WeightsAnswer> weights(long keptFreeBytes) {
    if (!writesWeights(document)) {
      return Optional.empty();
    }
    RequestedJob job = settled(gpus.named(document), this::model);
    Architecture architecture = job.model().architecture();
    Life life =
        job.document().locating(() -> LifeEstimator.ofWeights(architecture, job.resolution()));
    return Optional.of(
        new WeightsAnswer(
            job.model(),
            job.gpu(),
            keptFreeBytes,
            job.resolution(),
            life,
            elsewhere(architecture, job),
            job.warnings()));
  }

  private static Optional<WeightsAnswer.Elsewhere> elsewhere(
      Architecture architecture, RequestedJob job) {
    Optional<MergeDevice> here = job.resolution().job().saving().merge();
    if (here.isEmpty() || here.get() != MergeDevice.GPU && here.get() != MergeDevice.CPU) {
      return Optional.empty();
    }
    MergeDevice other = here.get() == MergeDevice.GPU ? MergeDevice.CPU : MergeDevice.GPU;
    JobDocument asked =
        job.document().with(JobKey.MERGE_DEVICE, other.label(), new Place.Chosen("looked at"));
    Life life = LifeEstimator.ofWeights(architecture, JobResolver.resolve(asked));
    return Optional.of(new WeightsAnswer.Elsewhere(other, life));
  }

  private RequestedJob settled(Optional<GpuMatch> gpu, Supplier<LocatedModel> finder) {
    JobDocument named = NamedModels.found(document);
    JobDocument placed = gpu.map(match -> match.counted(named)).orElse(named);
    DocumentPaths paths = new DocumentPaths(placed, sources);
    LocatedModel found = finder.get();
    JobDocument known = placed.withFound(found.config());
    JobDocument onCard = gpu.map(match -> known.withFound(match.gpu())).orElse(known);
    JobDocument staged = ProfileChoice.ofModel(onCard, found.architecture());
    JobDocument given = WrittenText.known(staged, found.architecture());
    Optional<DataLengths> data = new DataRequest(given, paths).lengths();
    Optional<LengthDistribution> lengths = data.map(DataLengths::lengths);
    SequenceLength asGiven = SequenceLength.settle(given, found.architecture(), lengths);
    Optional<JobDocument> renamed =
        OwnNames.in(given, asGiven.resolution().job(), found.architecture());
    JobDocument counted = renamed.orElse(given);
    SequenceLength length =
        renamed
            .map(other -> SequenceLength.settle(other, found.architecture(), lengths))
            .orElse(asGiven);
    Optional<DataStudy> study = data.map(rows -> new DataStudy(counted, rows, length));
    Resolution resolution = study.map(DataStudy::resolution).orElse(length.resolution());
    LocatedModel model = found.trainedFor(resolution.job());
    Optional<Gpu> card = gpu.map(GpuMatch::gpu);
    counted.locating(() -> checked(model.architecture(), resolution, card));
    List<Notice> warnings = new ArrayList<>(model.warnings());
    card.ifPresent(each -> warnings.addAll(aboutCard(resolution, each)));
    gpu.flatMap(GpuMatch::assumption).ifPresent(warnings::add);
    gpu.flatMap(match -> match.ofEachNode(named)).ifPresent(warnings::add);
    warnings.addAll(resolution.warnings());
    data.map(DataLengths::warnings).ifPresent(warnings::addAll);
    tooLong(model.architecture(), counted, resolution).ifPresent(warnings::add);
    WrittenText.notice(counted).ifPresent(warnings::add);
    PaddedExperts.of(model.architecture(), resolution.job()).ifPresent(warnings::add);
    int tokens = resolution.job().batch().sequenceLength();
    boolean isUnchanged =
        counted.value(JobKey.SEQUENCE_LENGTH, Integer.class).equals(Optional.of(tokens));
    JobDocument complete =
        isUnchanged
            ? counted
            : counted.with(JobKey.SEQUENCE_LENGTH, tokens, new Place.Chosen("the usual cut-off"));
    return new RequestedJob(model, gpu.map(GpuMatch::gpu), complete, resolution, study, warnings);
  }

  private static List<Notice> aboutCard(Resolution resolution, Gpu card) {
    return Stream.of(GpuRules.otherSoftware(card), GpuRules.slowness(resolution.job(), card))
        .flatMap(Optional::stream)
        .map(notice -> notice.behind(card.name(), " "))
        .toList();
  }

  private static Resolution checked(
      Architecture architecture, Resolution resolution, Optional<Gpu> gpu) {
    JobChecks.checkModelled(architecture, resolution.job());
    gpu.ifPresent(card -> CardChecks.check(resolution.job(), card));
    return resolution;
  }

  /** Finds the model. */
  public LocatedModel model() {
    return document.locating(this::located);
  }

  private LocatedModel located() {
    Optional<Map<String, Object>> config = document.modelConfig();
    if (config.isPresent()) {
      Place.Line place = place(document);
      String source = place.text();
      ModelConfig values = new ModelConfig(place, config.get());
      String id = document.text(JobKey.MODEL_ID).orElse(values.text("model_type", ""));
      return new LocatedModel(
              id, values, Families.read(values), Optional.empty(), source, List.of())
          .copied(id);
    }
    DocumentPaths paths = new DocumentPaths(document, sources);
    Optional<String> path = paths.path(JobKey.MODEL_CONFIG).map(Path::toString);
    String text =
        path.or(() -> document.text(JobKey.MODEL_ID))
            .orElseThrow(
                () ->
                    InputError.of("no model")
                        .kind(ErrorKind.MISSING)
                        .concerning(JobKey.MODEL_ID)
                        .hint(
                            "give ",
                            JobKey.MODEL_ID,
                            ", of which ",
                            new Subject.Operation("models"),
                            " lists names, or ",
                            JobKey.MODEL_CONFIG)
                        .hint("or only its size, as ", Subject.option("--params"), " 7B")
                        .refusal());
    ModelRequest request = new ModelRequest(text, sources.revision(), sources.network());
    ModelLocator locator = ModelLocator.ofProcess();
    return sources instanceof Sources.Files
        ? locator.locate(request)
        : locator.locateNamed(request);
  }

  /** Where the content of a config.json stands in the document. */
  private static Place.Line place(JobDocument document) {
    Place where = document.place(JobKey.MODEL_CONFIG).orElseThrow();
    Place.Line line = where instanceof Place.Line found ? found : Place.of(where.text());
    return new Place.Line(line.source(), line.line(), line.column(), JobKey.MODEL_CONFIG.path());
  }

  private MemoryEstimate estimate(LocatedModel model, Resolution resolution, Optional<Gpu> gpu) {
    try {
      return steps.estimate(model.architecture(), resolution.job(), gpu);
    } catch (ArithmeticException e) {
      Batch batch = resolution.job().batch();
      throw InputError.of(
              "the job is too large to be counted in bytes: ",
              JobKey.MICRO_BATCH,
              " is ",
              batch.microBatch(),
              " and ",
              JobKey.SEQUENCE_LENGTH,
              " is ",
              batch.sequenceLength())
          .concerning(JobKey.MICRO_BATCH)
          .refusal(e);
    }
  }

  private static Optional<TimeEstimate> time(
      LocatedModel model, Resolution resolution, Gpu gpu, List<Notice> warnings) {
    if (TimeEstimator.knows(gpu, resolution.job())) {
      TimeEstimate estimate =
          TimeEstimator.estimate(model.architecture(), resolution.job(), gpu, MatmulType.PRECISION);
      return Optional.of(
          TrainingData.fillsSequences(resolution) ? estimate.assuming(FULL) : estimate);
    }
    if (TimeEstimator.knows(gpu)) {
      warnings.add(
          Notice.of(JobKey.OFFLOAD, " is ", resolution.job().parallelism().offload())
              .and(": how fast the host multiplies is not known, so no time is estimated"));
      return Optional.empty();
    }
    warnings.add(
        Notice.of("the rates of ", Shown.given(gpu.name()))
            .and(" are not known, so no time is estimated"));
    return Optional.empty();
  }

  private static Optional<Notice> tooLong(
      Architecture architecture, JobDocument document, Resolution resolution) {
    long limit = architecture.maxPositions();
    int length = resolution.job().batch().sequenceLength();
    return limit > 0 && length > limit
        ? Optional.of(
            document
                .about(JobKey.SEQUENCE_LENGTH, " ", length, " is beyond the ", limit)
                .and(" tokens the model was made for"))
        : Optional.empty();
  }
}
