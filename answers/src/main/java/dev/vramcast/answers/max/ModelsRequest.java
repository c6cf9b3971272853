package dev.vramcast.answers.max;

import dev.vramcast.answers.max.ModelsThatFit.Row;
import dev.vramcast.answers.request.CardMemory;
import dev.vramcast.answers.request.SequenceLength;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.gpu.GpuMatch;
import dev.vramcast.catalog.model.ModelCatalog;
import dev.vramcast.catalog.model.ModelEntry;
import dev.vramcast.catalog.model.UsualSizes;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tensors;
import dev.vramcast.core.fit.Certainty;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.objective.Objective;
import dev.vramcast.core.job.option.Checkpointing;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.TrainedModel;
import dev.vramcast.core.run.check.CardChecks;
import dev.vramcast.core.run.check.JobChecks;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;

/**
 * Which models a card can train.
 *
 * @param document the job, without a model
 */
public record ModelsRequest(JobDocument document, CardMemory card, long keptFreeBytes) {

  private static final int SHOWN = 12;

  /** A model of the catalogue. */
  private record Sized(
      String name, ModelConfig config, Architecture architecture, long parameters) {

    static Sized of(String name, Objective objective) {
      ModelEntry entry = ModelCatalog.embedded().find(name).orElseThrow();
      Architecture architecture = TrainedModel.read(entry.config(), objective);
      return new Sized(name, entry.config(), architecture, Tensors.count(architecture));
    }
  }

  /** A request about all GPUs that the job's name of them, its count and its machines say. */
  static ModelsRequest of(JobDocument named, CardMemory card, long keptFreeBytes, GpuFinder gpus) {
    Optional<GpuMatch> match = gpus.named(named);
    JobDocument counted = match.map(gpu -> gpu.counted(named)).orElse(named);
    List<Notice> warnings = new ArrayList<>(card.warnings());
    match.flatMap(gpu -> gpu.ofEachNode(named)).ifPresent(warnings::add);
    counted.remarks().forEach(remark -> warnings.add(remark.notice()));
    return new ModelsRequest(counted, card.warning(warnings), keptFreeBytes);
  }

  private static final Place ORIGIN = new Place.Chosen("usual");

  /** The usual models, by the three usual methods. */
  public ModelsThatFit ladder() {
    Objective objective = objective();
    List<Row> rows =
        UsualSizes.LADDER.stream()
            .map(name -> Sized.of(name, objective))
            .flatMap(model -> row(model, FitEvaluator::tryCheck).stream())
            .toList();
    return answer("What " + cards() + " can train", rows);
  }

  /** The largest models of the catalogue that fit by one of the methods. */
  public ModelsThatFit largest() {
    Objective objective = objective();
    List<Row> rows =
        ModelCatalog.embedded().names().stream()
            .map(name -> Sized.of(name, objective))
            .sorted(
                Comparator.comparingLong(Sized::parameters).reversed().thenComparing(Sized::name))
            .flatMap(
                model -> row(model, FitEvaluator::tryFit).filter(ModelsRequest::anyFits).stream())
            .limit(SHOWN)
            .toList();
    if (rows.isEmpty()) {
      throw InputError.of("no model of the catalogue fits ", cards(), " this way")
          .kind(ErrorKind.NO_MATCH)
          .refusal();
    }
    return answer("The largest models that fit " + cards(), rows);
  }

  /** As {@code 8 × H100 SXM5 80GB}. */
  private String cards() {
    return CardMemory.counted(
        document.value(JobKey.GPU_COUNT, Integer.class).orElse(1), card.name());
  }

  /**
   * What is trained for; no model can be found for a job of no figure, or that the card refuses.
   */
  private Objective objective() {
    JobDocument asked = usual();
    JobDocument placed = card.gpu().map(asked::withFound).orElse(asked);
    ResolvedJob job = JobResolver.resolve(placed).job();
    JobChecks.checkWithoutModel(job);
    placed.locating(
        () -> {
          card.gpu().ifPresent(found -> CardChecks.check(job, found));
          return job;
        });
    return job.objective();
  }

  private static boolean anyFits(Row row) {
    return row.checks().values().stream().anyMatch(Certainty.BY_THE_ESTIMATE::isMet);
  }

  private ModelsThatFit answer(String title, List<Row> rows) {
    JobDocument job = usual();
    List<String> settings = new ArrayList<>();
    for (JobKey key : List.of(JobKey.SEQUENCE_LENGTH, JobKey.MICRO_BATCH, JobKey.CHECKPOINTING)) {
      settings.add(key.path() + " is " + key.kind().plain(job.entry(key).orElseThrow().value()));
    }
    return new ModelsThatFit(title, methods(), rows, settings, card.warnings());
  }

  private List<Method> methods() {
    return document.value(JobKey.METHOD, Method.class).map(List::of).orElse(Method.USUAL);
  }

  /** What people do who have one card: short sequences, one at a time, recomputed. */
  private JobDocument usual() {
    JobDocument job = document;
    Map<JobKey, Object> usual =
        Map.of(
            JobKey.SEQUENCE_LENGTH,
            SequenceLength.USUAL,
            JobKey.MICRO_BATCH,
            1,
            JobKey.CHECKPOINTING,
            Checkpointing.FULL);
    for (Map.Entry<JobKey, Object> entry : usual.entrySet()) {
      if (!job.has(entry.getKey())) {
        job = job.with(entry.getKey(), entry.getValue(), ORIGIN);
      }
    }
    return job;
  }

  private Optional<Row> row(
      Sized model, BiFunction<FitEvaluator, JobDocument, Optional<FitCheck>> check) {
    FitEvaluator evaluator =
        new FitEvaluator(
            model.architecture, card.gpu(), card.bytes(), keptFreeBytes, RangeFile.embedded());
    Map<Method, FitCheck> checks = new EnumMap<>(Method.class);
    for (Method method : methods()) {
      check
          .apply(evaluator, usual().withFound(model.config).with(JobKey.METHOD, method, ORIGIN))
          .ifPresent(found -> checks.put(method, found));
    }
    return checks.isEmpty()
        ? Optional.empty()
        : Optional.of(new Row(model.name, model.parameters, checks));
  }
}
