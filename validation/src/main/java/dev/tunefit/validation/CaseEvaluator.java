package dev.tunefit.validation;

import dev.tunefit.catalog.gpu.GpuCatalog;
import dev.tunefit.catalog.gpu.GpuMatch;
import dev.tunefit.catalog.model.ModelCatalog;
import dev.tunefit.catalog.model.ModelEntry;
import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.architecture.Families;
import dev.tunefit.core.architecture.ModelConfig;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.job.JobDocument;
import dev.tunefit.core.job.JobKey;
import dev.tunefit.core.job.JobResolver;
import dev.tunefit.core.job.ResolvedJob;
import dev.tunefit.core.job.Shown;
import dev.tunefit.core.memory.MemoryEstimator;
import dev.tunefit.core.memory.RankEstimate;
import dev.tunefit.core.memory.UnsupportedJobException;
import dev.tunefit.core.time.TimeEstimate;
import dev.tunefit.core.time.TimeEstimator;
import dev.tunefit.formats.jobdocument.JobDocumentReader;
import dev.tunefit.validation.cases.Case;
import dev.tunefit.validation.cases.Status;
import java.util.Optional;

/** Runs the estimate for one case. Whatever stops it becomes the reason of that case alone. */
final class CaseEvaluator {

  /** Not the place in the file, so that equal reasons can be counted. */
  private static final String SOURCE = "job";

  private final Case subject;
  private CaseLabels labels;

  private CaseEvaluator(Case subject) {
    this.subject = subject;
    this.labels = CaseLabels.of(subject);
  }

  static CaseResult evaluate(Case subject) {
    return new CaseEvaluator(subject).evaluate();
  }

  private CaseResult evaluate() {
    try {
      return subject.isThroughput() ? speed() : memory();
    } catch (InputException | UnsupportedJobException e) {
      return unsupported(e.getMessage());
    } catch (RuntimeException e) {
      return unsupported("internal error: " + Shown.oneLine(e.toString()));
    }
  }

  private record Settled(JobDocument document, ResolvedJob job, Architecture architecture) {}

  private Settled settle() {
    JobDocument document =
        counted(withSourceVersion(JobDocumentReader.read(subject.job(), SOURCE)));
    ResolvedJob job = JobResolver.resolve(document).job();
    labels = labels.with(job);
    Architecture architecture = Families.read(config(document));
    labels = labels.withModelType(architecture.modelType());
    return new Settled(document, job, architecture);
  }

  private CaseResult speed() {
    Settled settled = settle();
    Gpu gpu =
        settled
            .document()
            .text(JobKey.GPU)
            .map(name -> GpuCatalog.embedded().find(name).gpu())
            .orElseThrow(() -> new InputException(SOURCE + ": no hardware.gpu, so no speed"));
    TimeEstimate time =
        TimeEstimator.estimate(settled.architecture(), settled.job(), gpu, subject.matmulType());
    return CaseResult.ofSpeed(subject, labels, SpeedCheck.of(time, subject.measured()));
  }

  private CaseResult memory() {
    Settled settled = settle();
    if (subject.measured().peakBytes().isEmpty()) {
      throw new UnsupportedJobException("no peak was measured");
    }
    ResolvedJob job = settled.job();
    RankEstimate estimate =
        MemoryEstimator.estimate(
                settled.architecture(),
                subject.keepsOutputs() ? job.keepingLogits() : job,
                gpu(settled.document()))
            .worst();
    boolean ranOut = subject.measured().status() == Status.OUT_OF_MEMORY;
    Prediction prediction =
        Prediction.of(settled.architecture(), estimate, subject.contextBytes(), ranOut);
    return Judgement.of(subject, labels, prediction);
  }

  private JobDocument withSourceVersion(JobDocument document) {
    return subject
        .sourceTransformers()
        .filter(version -> !document.has(JobKey.TRANSFORMERS_VERSION))
        .map(version -> document.with(JobKey.TRANSFORMERS_VERSION, version, "source of the case"))
        .orElse(document);
  }

  private static ModelConfig config(JobDocument document) {
    return document
        .modelConfig()
        .map(values -> new ModelConfig("model.config", values))
        .or(() -> document.text(JobKey.MODEL_ID).flatMap(CaseEvaluator::known))
        .orElseThrow(
            () -> new InputException(SOURCE + ": no model.config, and model.id is not known"));
  }

  private static Optional<ModelConfig> known(String id) {
    return ModelCatalog.embedded().find(id).map(ModelEntry::config);
  }

  /** A count in the GPU's name, as in {@code H100:8}, is the job's count. */
  private static JobDocument counted(JobDocument document) {
    return named(document).map(match -> match.counted(document)).orElse(document);
  }

  private static Optional<Gpu> gpu(JobDocument document) {
    return named(document).map(GpuMatch::gpu);
  }

  /** A card that the catalogue does not know only leaves out what depends on the card. */
  private static Optional<GpuMatch> named(JobDocument document) {
    try {
      return document.text(JobKey.GPU).map(name -> GpuCatalog.embedded().find(name));
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private CaseResult unsupported(String reason) {
    return CaseResult.unsupported(subject, labels, reason);
  }
}
