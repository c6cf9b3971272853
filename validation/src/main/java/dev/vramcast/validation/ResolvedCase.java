package dev.vramcast.validation;

import dev.vramcast.answers.request.NamedModels;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.catalog.model.DynamicCopies;
import dev.vramcast.catalog.model.DynamicCopy;
import dev.vramcast.catalog.model.LoadedConfig;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.life.LifeEstimator;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.MemoryEstimator;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.core.time.TimeEstimator;
import dev.vramcast.formats.jobdocument.JobDocumentReader;
import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.Quality;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The job of a case, with nothing left open, and what it runs on. */
public record ResolvedCase(Case subject, JobDocument document, ResolvedJob job) {

  /** Not the place in the file, so that equal reasons can be counted. */
  private static final String SOURCE = "job";

  private static final Place SOURCE_OF_CASE = new Place.Chosen("source of the case");
  private static final Place COUNTED = new Place.Chosen("how exact cases are counted");
  private static final Place NOTES = new Place.Chosen("notes of the case");

  /**
   * Reads and resolves the job.
   *
   * @throws InputException when it is no job
   */
  public static ResolvedCase of(Case subject) {
    return of(subject, subject.sourceVersions());
  }

  /**
   * As {@link #of(Case)}, without what the source tells beside its figures: what who states no more
   * is answered, whose errors make the ranges of such jobs.
   */
  static ResolvedCase asStated(Case subject) {
    return of(subject, subject.documentedVersion());
  }

  private static ResolvedCase of(Case subject, Map<JobKey, String> told) {
    JobDocument read = JobDocumentReader.read(subject.job(), Place.of(SOURCE));
    JobDocument rows = subject.rowsDiffer() ? read.with(JobKey.PADDING, "longest", NOTES) : read;
    JobDocument noted =
        with(subject.notedSettings(), NOTES, NamedModels.found(cached(rows, subject)));
    JobDocument document = located(with(told, SOURCE_OF_CASE, noted));
    ResolvedJob job = JobResolver.resolve(document).job();
    return new ResolvedCase(subject, document, subject.keepsOutputs() ? job.keepingLogits() : job);
  }

  /** Code that counts bytes hands {@code use_cache=False} to each pass of a model, or says else. */
  private static JobDocument cached(JobDocument job, Case subject) {
    return subject.measured().quality() != Quality.EXACT || job.has(JobKey.USE_CACHE)
        ? job
        : job.with(JobKey.USE_CACHE, false, COUNTED);
  }

  /** The model, from the job's own config or from the catalogue. */
  public Architecture architecture() {
    ModelConfig config =
        document
            .model()
            .orElseThrow(
                () ->
                    InputError.of(
                            "no ", JobKey.MODEL_CONFIG, ", and ", JobKey.MODEL_ID, " is not known")
                        .kind(ErrorKind.MISSING)
                        .at(Place.of(SOURCE))
                        .concerning(JobKey.MODEL_CONFIG)
                        .refusal());
    Optional<DynamicCopy> copy =
        document.text(JobKey.MODEL_ID).flatMap(id -> DynamicCopies.suiting(job, id));
    return TrainedModel.read(LoadedConfig.of(config, copy, job), job.objective());
  }

  /** The memory on the card that the job names, if any. */
  public MemoryEstimate memory(Architecture architecture) {
    return MemoryEstimator.estimate(architecture, job, named(document).map(GpuMatch::gpu));
  }

  /** Bytes of a GPU in the parts of the run that are no passes, by name. */
  Map<String, Long> beside(Architecture architecture, MemoryEstimate memory) {
    return LifeEstimator.estimate(architecture, JobResolver.resolve(document), memory)
        .episodes()
        .stream()
        .filter(each -> !each.traced())
        .collect(Collectors.toMap(EpisodeNeed::name, EpisodeNeed::gpuBytes));
  }

  /** The speed on {@link #gpu}. */
  TimeEstimate speed(Architecture architecture) {
    return TimeEstimator.estimate(architecture, job, gpu(), subject.matmulType());
  }

  /** The card of the job, which has to name one. */
  public Gpu gpu() {
    return document
        .text(JobKey.GPU)
        .map(name -> GpuCatalog.embedded().find(name).gpu())
        .orElseThrow(
            () ->
                InputError.of("no ", JobKey.GPU, ", so no speed")
                    .kind(ErrorKind.MISSING)
                    .at(Place.of(SOURCE))
                    .concerning(JobKey.GPU)
                    .refusal());
  }

  private static JobDocument with(Map<JobKey, String> told, Place place, JobDocument document) {
    JobDocument result = document;
    for (Map.Entry<JobKey, String> each : told.entrySet()) {
      JobKey key = each.getKey();
      if (!document.has(key)) {
        result = result.with(key, key.parse(each.getValue()), place);
      }
    }
    return result;
  }

  /**
   * With the model and the card that it names. A count in the GPU's name, as in {@code H100:8}, is
   * the job's count.
   */
  private static JobDocument located(JobDocument document) {
    JobDocument placed =
        named(document)
            .map(match -> match.counted(document).withFound(match.gpu()))
            .orElse(document);
    return document
        .text(JobKey.MODEL_ID)
        .flatMap(id -> ModelCatalog.embedded().find(id))
        .map(entry -> placed.withFound(entry.config()))
        .orElse(placed);
  }

  /** A card that the catalogue does not know only leaves out what depends on the card. */
  private static Optional<GpuMatch> named(JobDocument document) {
    try {
      return document.text(JobKey.GPU).map(name -> GpuCatalog.embedded().find(name));
    } catch (InputException e) {
      return Optional.empty();
    }
  }
}
