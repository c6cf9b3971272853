package dev.tunefit.cli.request;

import dev.tunefit.catalog.gpu.GpuCatalog;
import dev.tunefit.catalog.gpu.GpuMatch;
import dev.tunefit.catalog.source.LocatedModel;
import dev.tunefit.catalog.source.ModelLocator;
import dev.tunefit.catalog.source.ModelRequest;
import dev.tunefit.catalog.source.ModelRequest.Network;
import dev.tunefit.cli.report.EstimateReport;
import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.architecture.Families;
import dev.tunefit.core.architecture.ModelConfig;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.Batch;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.JobResolver;
import dev.tunefit.core.job.Provenance;
import dev.tunefit.core.job.Resolution;
import dev.tunefit.core.job.ResolvedValue;
import dev.tunefit.core.memory.MemoryEstimate;
import dev.tunefit.core.memory.MemoryEstimator;
import dev.tunefit.core.time.MatmulType;
import dev.tunefit.core.time.RunEstimate;
import dev.tunefit.core.time.RunEstimator;
import dev.tunefit.core.time.RunExtras;
import dev.tunefit.core.time.TimeEstimate;
import dev.tunefit.core.time.TimeEstimator;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A job whose memory and time are asked for.
 *
 * @param document what the user said
 * @param folder that paths in the document are relative to
 * @param network what the Hub may be used for
 * @param extras what the run does beside training
 */
public record EstimateRequest(
    JobDocument document,
    Optional<Path> folder,
    Optional<String> revision,
    Network network,
    RunExtras extras) {

  /** Tokens of a sequence when nobody says: the cut-off that most fine-tuning recipes use. */
  static final int USUAL_LENGTH = 2048;

  /** Finds GPU and model, settles the job and estimates its memory. */
  public EstimateReport report() {
    Optional<GpuMatch> gpu = document.text(JobKey.GPU).map(GpuCatalog.embedded()::find);
    JobDocument counted = gpu.map(this::counted).orElse(document);
    LocatedModel model = model();
    Resolution resolution = resolve(counted, model.architecture());
    MemoryEstimate estimate = estimate(model, resolution, gpu.map(GpuMatch::gpu));
    List<String> warnings = new ArrayList<>(model.warnings());
    gpu.flatMap(GpuMatch::assumption).ifPresent(warnings::add);
    warnings.addAll(resolution.warnings());
    tooLong(model.architecture(), resolution).ifPresent(warnings::add);
    Optional<TimeEstimate> time =
        gpu.map(GpuMatch::gpu).flatMap(card -> time(model, resolution, card, warnings));
    Optional<RunEstimate> run =
        time.flatMap(speed -> RunEstimator.estimate(speed, resolution, extras));
    return new EstimateReport(
        model, gpu.map(GpuMatch::gpu), resolution, estimate, time, run, warnings);
  }

  /** A count in the GPU's name, as in {@code 8xH100}, is the job's count. */
  private JobDocument counted(GpuMatch gpu) {
    Optional<Integer> given = document.value(JobKey.GPU_COUNT, Integer.class);
    if (gpu.count() > 1 && given.isPresent() && given.get() != gpu.count()) {
      throw new InputException(
          document.origin(JobKey.GPU)
              + "names "
              + gpu.count()
              + " GPUs, but "
              + JobKey.GPU_COUNT.path()
              + " is "
              + given.get());
    }
    String origin = document.entry(JobKey.GPU).orElseThrow().origin();
    return gpu.count() > 1 ? document.with(JobKey.GPU_COUNT, gpu.count(), origin) : document;
  }

  private LocatedModel model() {
    Optional<Map<String, Object>> config = document.modelConfig();
    if (config.isPresent()) {
      String source = document.origin(JobKey.MODEL_CONFIG) + JobKey.MODEL_CONFIG.path();
      ModelConfig values = new ModelConfig(source, config.get());
      String id = document.text(JobKey.MODEL_ID).orElse(values.text("model_type", ""));
      return new LocatedModel(
          id, values, Families.read(values), Optional.empty(), source, List.of());
    }
    Optional<String> path = document.text(JobKey.MODEL_CONFIG).map(this::path);
    String text =
        path.or(() -> document.text(JobKey.MODEL_ID))
            .orElseThrow(
                () ->
                    new InputException(
                        "no model: give --model NAME (tunefit models lists names), --model-config"
                            + " FILE, or --params 7B when only the size is known"));
    return ModelLocator.ofProcess().locate(new ModelRequest(text, revision, network));
  }

  /** A config's path is relative to the job file when it stands there. */
  private String path(String text) {
    boolean inFile = !document.origin(JobKey.MODEL_CONFIG).startsWith("--");
    return folder.filter(base -> inFile).map(base -> base.resolve(text).toString()).orElse(text);
  }

  private static Resolution resolve(JobDocument document, Architecture architecture) {
    if (document.has(JobKey.SEQUENCE_LENGTH)) {
      return JobResolver.resolve(document);
    }
    try {
      return JobResolver.resolve(document);
    } catch (InputException e) {
      return resolveWithUsualLength(document, architecture);
    }
  }

  private static Resolution resolveWithUsualLength(
      JobDocument document, Architecture architecture) {
    long limit = architecture.maxPositions();
    long length = limit > 0 ? Math.min(limit, USUAL_LENGTH) : USUAL_LENGTH;
    String note = length < USUAL_LENGTH ? "the model's limit" : "the usual cut-off";
    Resolution resolution =
        JobResolver.resolve(document.withFlag(JobKey.SEQUENCE_LENGTH, String.valueOf(length)));
    List<ResolvedValue> values =
        resolution.values().stream()
            .map(
                value ->
                    value.key() == JobKey.SEQUENCE_LENGTH
                        ? new ResolvedValue(value.key(), value.value(), Provenance.ASSUMED, note)
                        : value)
            .toList();
    return new Resolution(resolution.job(), values, resolution.warnings());
  }

  private static MemoryEstimate estimate(
      LocatedModel model, Resolution resolution, Optional<Gpu> gpu) {
    try {
      return MemoryEstimator.estimate(model.architecture(), resolution.job(), gpu);
    } catch (ArithmeticException e) {
      Batch batch = resolution.job().batch();
      throw new InputException(
          "the job is too large to be counted in bytes: %s is %d and %s is %d"
              .formatted(
                  JobKey.MICRO_BATCH.path(),
                  batch.microBatch(),
                  JobKey.SEQUENCE_LENGTH.path(),
                  batch.sequenceLength()),
          e);
    }
  }

  private static Optional<TimeEstimate> time(
      LocatedModel model, Resolution resolution, Gpu gpu, List<String> warnings) {
    if (TimeEstimator.knows(gpu)) {
      return Optional.of(
          TimeEstimator.estimate(
              model.architecture(), resolution.job(), gpu, MatmulType.PRECISION));
    }
    warnings.add("the rates of '" + gpu.name() + "' are not known, so no time is estimated");
    return Optional.empty();
  }

  private static Optional<String> tooLong(Architecture architecture, Resolution resolution) {
    long limit = architecture.maxPositions();
    int length = resolution.job().batch().sequenceLength();
    return limit > 0 && length > limit
        ? Optional.of(
            JobKey.SEQUENCE_LENGTH.path()
                + " "
                + length
                + " is beyond the "
                + limit
                + " tokens the model was made for")
        : Optional.empty();
  }
}
