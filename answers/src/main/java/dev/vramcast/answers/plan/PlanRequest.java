package dev.vramcast.answers.plan;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.prices.PricesRequest;
import dev.vramcast.answers.request.DocumentPaths;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.plan.Plan;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.Planner;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.OfferFilter;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.time.RunExtras;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A job for which machines are looked for.
 *
 * @param job whose document may name GPUs and a count: the machines that may be rented
 * @param market lists and filters, without the job's GPUs
 * @param length the least length of a sequence
 * @param terms under which it runs
 * @param most lines, unless the ranking is a front
 */
public record PlanRequest(
    EstimateRequest job,
    PricesRequest market,
    Choices choices,
    OptionalInt length,
    Limits limits,
    Terms terms,
    Ranking ranking,
    int most) {

  /**
   * Under which terms the job runs.
   *
   * @param keptFreeBytes of each GPU that the job may not take
   * @param extras what the run does beside training
   * @param spot those of spot machines
   */
  public record Terms(long keptFreeBytes, RunExtras extras, SpotTerms spot) {}

  /** What the market decides. */
  private static final Set<JobKey> MARKET = EnumSet.of(JobKey.GPU, JobKey.GPU_COUNT);

  /** What is settled before the search, so that a planned job needs no file. */
  private static final Set<JobKey> MEASURED =
      EnumSet.of(JobKey.LENGTHS, JobKey.DATA_FILE, JobKey.TOKENIZER, JobKey.CHARACTERS_PER_TOKEN);

  /** Searches. */
  public PlanReport report(LocalDate today, Progress progress) {
    JobDocument document = job.document();
    refuse(document);
    PlanMarket wanted =
        new PlanMarket(
            market.withGpu(document.text(JobKey.GPU)),
            document.value(JobKey.GPU_COUNT, Integer.class));
    PricesReport all = wanted.all(today);
    List<OfferFilter> filters = wanted.filters(all);
    RequestedJob settled = settle(document.without(MARKET));
    filters.addAll(MachineFilters.of(settled.model().architecture(), settled.document()));
    Question question =
        new Question(
            planned(settled),
            choices,
            all.offers(),
            filters,
            market.purchase(),
            limits,
            terms.extras(),
            terms.spot());
    FitEvaluator evaluator =
        FitEvaluator.of(
                settled.model().architecture(),
                all.offers().get(0).gpu(),
                terms.keptFreeBytes(),
                RangeFile.embedded())
            .knowing(job.steps());
    Planner planner = new Planner(evaluator, question, progress);
    Plan plan = planner.plan(ranking, most);
    return new PlanReport(settled.model().id(), ranking, question, plan, all, warnings(settled));
  }

  private void refuse(JobDocument document) {
    if (!choices.methods().isEmpty() && document.isBehindFlag(JobKey.METHOD)) {
      throw PlanFlags.twice(PlanFlags.METHODS, JobKey.METHOD);
    }
    if (document.value(JobKey.NODES, Integer.class).orElse(1) > 1) {
      throw InputError.about(JobKey.NODES)
          .at(document.place(JobKey.NODES))
          .and(" is more than 1, but an offer is one machine")
          .allowed(1)
          .refusal();
    }
    Optional<Integer> stated = document.value(JobKey.SEQUENCE_LENGTH, Integer.class);
    if (stated.isPresent() && stated.get() < length.orElse(1)) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .at(document.place(JobKey.SEQUENCE_LENGTH))
          .isSet(stated.get())
          .and(", but ", Subject.option(PlanFlags.MIN_SEQUENCE_LENGTH), " is ", length.getAsInt())
          .allowed("one that is not shorter")
          .refusal();
    }
  }

  /** Settles the job; the usual length of a sequence gives way to the least that is asked for. */
  private RequestedJob settle(JobDocument document) {
    RequestedJob settled = job.with(document).settle();
    boolean tooShort =
        settled.resolution().job().batch().sequenceLength() < length.orElse(1)
            && !document.has(JobKey.SEQUENCE_LENGTH);
    return tooShort
        ? job.with(
                document.with(
                    JobKey.SEQUENCE_LENGTH,
                    length.getAsInt(),
                    new Place.Behind(PlanFlags.MIN_SEQUENCE_LENGTH)))
            .settle()
        : settled;
  }

  /** The job with what is known of its data, in place of the file that they were read from. */
  private JobDocument planned(RequestedJob settled) {
    Resolution resolution = settled.resolution();
    JobDocument document = settled.document().without(MEASURED);
    for (JobKey key : List.of(JobKey.EXAMPLES, JobKey.TOKENS_PER_EXAMPLE)) {
      if (!document.has(key)) {
        Object value = resolution.value(key).map(found -> found.value()).orElse(null);
        document =
            value == null
                ? document
                : document.with(key, value, new Place.Chosen("the job's data"));
      }
    }
    Optional<String> config =
        new DocumentPaths(document, job.sources())
            .path(JobKey.MODEL_CONFIG)
            .map(path -> path.toAbsolutePath().normalize().toString());
    return config.isPresent()
        ? document.with(JobKey.MODEL_CONFIG, config.get(), new Place.Chosen("the job's model"))
        : document;
  }

  /** The job of a line, settled anew. */
  public RequestedJob settled(PlanLine line) {
    return job.with(line.document()).settle();
  }

  private List<Notice> warnings(RequestedJob settled) {
    List<Notice> warnings = new ArrayList<>(settled.warnings());
    JobDocument document = job.document();
    if (choices.sequences().isEmpty() && !document.has(JobKey.MICRO_BATCH)) {
      warnings.add(
          Notice.of("a step is taken to see at least ", Choices.USUAL_SEQUENCES)
              .and(" sequences, since nothing says how many; ")
              .and(Subject.option(PlanFlags.MIN_GLOBAL_BATCH), " does"));
    }
    return warnings;
  }
}
