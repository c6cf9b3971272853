package dev.vramcast.answers.plan;

import dev.vramcast.answers.cost.AssumedRun;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.prices.NamedMarket;
import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.prices.PricesRequest;
import dev.vramcast.answers.request.DocumentPaths;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.gpu.NamedOffers;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Padding;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.plan.Plan;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.Planner;
import dev.vramcast.core.plan.search.Exclusion;
import dev.vramcast.core.plan.search.Limits;
import dev.vramcast.core.plan.search.OfferFilter;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.plan.search.Question;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.plan.search.Rentals;
import dev.vramcast.core.plan.setting.Choices;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.work.TrainingData;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
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
  private static final Set<JobKey> MARKET =
      EnumSet.of(JobKey.GPU, JobKey.GPU_COUNT, JobKey.NODES, JobKey.NETWORK);

  /** More machines than a plan is asked for. */
  private static final int MOST_NODES = 256;

  /** How many of the same are tried where none alone holds a job. */
  private static final List<Integer> SEVERAL = List.of(2, 4, 8, 16, 32);

  /** What is settled before the search, so that a planned job needs no file. */
  private static final Set<JobKey> MEASURED =
      EnumSet.of(JobKey.LENGTHS, JobKey.DATA_FILE, JobKey.TOKENIZER, JobKey.CHARACTERS_PER_TOKEN);

  /** Searches. */
  public PlanReport report(LocalDate today, Progress progress) {
    return with(inMachines()).searched(today, progress);
  }

  private PlanRequest with(JobDocument document) {
    return new PlanRequest(
        job.with(document), market, choices, length, limits, terms, ranking, most);
  }

  /** The job with its machines where it has more GPUs than one that may be rented. */
  private JobDocument inMachines() {
    JobDocument document = NamedMarket.inMachines(job.document());
    return NamedMarket.inMachines(document, market.withGpu(document.text(JobKey.GPU)));
  }

  private PlanReport searched(LocalDate today, Progress progress) {
    JobDocument document = job.document();
    refuse(document);
    PlanMarket wanted =
        new PlanMarket(
            market.withGpu(document.text(JobKey.GPU)),
            perMachine(document),
            offer -> offer.joins(nodes(document).orElse(1), document.has(JobKey.NETWORK)));
    PricesReport all = wanted.all(today);
    List<OfferFilter> filters = wanted.filters(all);
    AssumedRun run = run(document.without(MARKET));
    RequestedJob settled = run.job();
    filters.addAll(MachineFilters.of(settled.model().architecture(), settled.document()));
    Optional<Integer> kept = keptSequences(document, settled.resolution());
    Question question =
        new Question(
            planned(settled),
            kept.map(choices::keeping).orElse(choices),
            new Rentals(
                all.offers(), List.of(nodes(document).orElse(1)), filters, market.purchase()),
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
    Plan plan = new Planner(evaluator, question, progress).plan(ranking, most);
    if (plan.isIllegal()) {
      job.refuseImpossible(settled);
    }
    PlanReport report =
        new PlanReport(
            settled.model().id(),
            ranking,
            question,
            plan,
            notes(run, kept),
            all,
            warnings(settled),
            Optional.empty());
    boolean alone = nodes(document).isEmpty();
    PlanReport found = alone && isTooLarge(plan) ? together(report, evaluator, progress) : report;
    return found.isFound() ? found : found.with(beyond(found, alone, evaluator, progress));
  }

  /**
   * What would be found without one of the limits that leave something out, or else without both.
   *
   * @param alone whether several machines are tried where none holds the job by itself
   */
  private static Optional<Beyond> beyond(
      PlanReport asked, boolean alone, FitEvaluator evaluator, Progress progress) {
    Optional<Beyond> last = Optional.empty();
    for (Beyond.Limit limit : Beyond.tried(asked.question().limits(), asked.plan().exclusions())) {
      Question freed = asked.question().within(limit.lift(asked.question().limits()));
      Plan plan = new Planner(evaluator, freed, progress).plan(limit.ranking(), 1);
      if (alone && isTooLarge(plan)) {
        plan = new Planner(evaluator, freed.on(SEVERAL), progress).plan(limit.ranking(), 1);
      }
      last = Optional.of(new Beyond(limit, plan.lines().stream().findFirst()));
      if (!plan.lines().isEmpty()) {
        return last;
      }
    }
    return last;
  }

  /**
   * Sequences of a step of a job that says how it makes them up, but not on how many GPUs; none
   * where completions are made of them, whose batch follows rules of its own.
   */
  private Optional<Integer> keptSequences(JobDocument document, Resolution resolution) {
    boolean open =
        choices.sequences().isEmpty()
            && !document.has(JobKey.GPU_COUNT)
            && !document.has(JobKey.NODES)
            && countsNone(document)
            && !resolution.job().objective().stage().generates();
    Optional<Integer> micro = document.value(JobKey.MICRO_BATCH, Integer.class);
    Optional<Integer> accum = document.value(JobKey.GRAD_ACCUM, Integer.class);
    return micro
        .filter(batch -> open && accum.isPresent())
        .map(batch -> (long) batch * accum.orElseThrow())
        .filter(sequences -> sequences <= Choices.MOST_SEQUENCES)
        .map(Math::toIntExact);
  }

  /** Whether the name of the GPU leaves open how many there are, as {@code 8xH100} does not. */
  private static boolean countsNone(JobDocument document) {
    return document
        .text(JobKey.GPU)
        .filter(gpu -> NamedOffers.of(gpu).count().isPresent())
        .isEmpty();
  }

  private static List<Notice> notes(AssumedRun run, Optional<Integer> kept) {
    List<Notice> all = new ArrayList<>(run.notes());
    kept.filter(sequences -> sequences > 1)
        .ifPresent(
            sequences ->
                all.add(
                    Notice.of("A step sees at least the job's ", sequences, " sequences on any ")
                        .and("number of GPUs, as it does not say how many it is for: what they ")
                        .and("cannot share evenly is rounded up; ")
                        .and(Subject.option(PlanFlags.MIN_GLOBAL_BATCH), " asks for more.")));
    return all;
  }

  private static Optional<Integer> nodes(JobDocument document) {
    return document.value(JobKey.NODES, Integer.class);
  }

  private static boolean isTooLarge(Plan plan) {
    return plan.lines().isEmpty()
        && plan.exclusions().stream()
            .anyMatch(exclusion -> exclusion.constraint().equals(Exclusion.MEMORY));
  }

  /** A job that no machine holds alone, on several of the same; else as it was. */
  private PlanReport together(PlanReport alone, FitEvaluator evaluator, Progress progress) {
    Question several = alone.question().on(SEVERAL);
    Plan plan = new Planner(evaluator, several, progress).plan(ranking, most);
    if (plan.lines().isEmpty()) {
      return alone;
    }
    List<Notice> warnings = new ArrayList<>(alone.warnings());
    warnings.add(
        Notice.of("no machine holds this job alone, so several of the same are rented together; ")
            .and(JobKey.NODES, " says how many"));
    return new PlanReport(
        alone.model(),
        ranking,
        several,
        plan,
        alone.counted(),
        alone.prices(),
        warnings,
        Optional.empty());
  }

  /** GPUs of one machine; empty for any number. */
  private static Optional<Integer> perMachine(JobDocument document) {
    Optional<Integer> count = document.value(JobKey.GPU_COUNT, Integer.class);
    int nodes = nodes(document).orElse(1);
    if (count.isPresent() && count.get() % nodes != 0) {
      throw InputError.about(JobKey.GPU_COUNT)
          .kind(ErrorKind.CONTRADICTION)
          .at(document.place(JobKey.GPU_COUNT))
          .isSet(count.get())
          .and(", which is GPUs in all and cannot be shared by ", JobKey.NODES, " ", nodes)
          .refusal();
    }
    return count.map(all -> all / nodes);
  }

  private void refuse(JobDocument document) {
    if (!choices.methods().isEmpty() && document.isBehindFlag(JobKey.METHOD)) {
      throw PlanFlags.twice(PlanFlags.METHODS, JobKey.METHOD);
    }
    if (!choices.ranks().isEmpty() && document.isBehindFlag(JobKey.LORA_RANK)) {
      throw PlanFlags.twice(PlanFlags.LORA_RANKS, JobKey.LORA_RANK);
    }
    if (!choices.lengths().isEmpty() && document.isBehindFlag(JobKey.SEQUENCE_LENGTH)) {
      throw PlanFlags.twice(PlanFlags.SEQUENCE_LENGTHS, JobKey.SEQUENCE_LENGTH);
    }
    if (nodes(document).orElse(1) > MOST_NODES) {
      throw InputError.about(JobKey.NODES)
          .at(document.place(JobKey.NODES))
          .isSet(nodes(document).orElseThrow())
          .allowed("1 to ", MOST_NODES)
          .refusal();
    }
    Optional<Integer> stated = document.value(JobKey.SEQUENCE_LENGTH, Integer.class);
    if (stated.isPresent() && stated.get() < length.orElse(1)) {
      throw InputError.about(JobKey.SEQUENCE_LENGTH)
          .at(document.place(JobKey.SEQUENCE_LENGTH))
          .isSet(stated.get())
          .but(Subject.option(PlanFlags.MIN_SEQUENCE_LENGTH), " is ", length.getAsInt())
          .allowed("one that is not shorter")
          .refusal();
    }
  }

  /** A run of which nobody says how long it is keeps no budget and no deadline. */
  private AssumedRun run(JobDocument document) {
    boolean free = limits.budget().isEmpty() && limits.deadline().isEmpty();
    return free ? AssumedRun.of(document, this::settle) : AssumedRun.stated(settle(document));
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

  /** What so many steps see, which other numbers of GPUs see in fewer or more. */
  private static JobDocument withoutSteps(JobDocument document, Resolution resolution) {
    OptionalDouble steps = TrainingData.number(resolution, JobKey.STEPS);
    if (steps.isEmpty()) {
      return document;
    }
    Place place = new Place.Chosen("the job's steps");
    JobDocument open = document.without(List.of(JobKey.STEPS, JobKey.EPOCHS, JobKey.TOKENS));
    if (resolution.job().batch().padding() == Padding.PACKED) {
      return open.with(JobKey.TOKENS, TrainingData.of(resolution).orElseThrow().tokens(), place);
    }
    double examples = TrainingData.examplesOf(steps.getAsDouble(), resolution.job());
    return open.with(JobKey.EXAMPLES, examples, place);
  }

  /** The job with what is known of its data, in place of the file that they were read from. */
  private JobDocument planned(RequestedJob settled) {
    Resolution resolution = settled.resolution();
    JobDocument document = settled.document().without(MEASURED);
    Optional<JobDocument.Entry> network = job.document().entry(JobKey.NETWORK);
    if (network.isPresent()) {
      document = document.with(JobKey.NETWORK, network.get().value(), network.get().place());
    }
    document = withoutSteps(document, resolution);
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
