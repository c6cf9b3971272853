package dev.vramcast.answers.cost;

import static dev.vramcast.answers.operation.JobParameters.EVAL_TOKENS;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.operation.Call;
import dev.vramcast.answers.operation.Given;
import dev.vramcast.answers.operation.JobParameters;
import dev.vramcast.answers.operation.Operation;
import dev.vramcast.answers.operation.Parameter;
import dev.vramcast.answers.prices.MarketParameters;
import dev.vramcast.answers.prices.NamedMarket;
import dev.vramcast.answers.prices.PricesRequest;
import dev.vramcast.answers.prices.SpotParameters;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Hours and dollars of a run on every GPU of a market. */
public record CostOperation() implements Operation {

  private static final Parameter SPOT =
      MarketParameters.spot("Only spot machines, ordered by what is expected on them.");

  @Override
  public String name() {
    return "cost";
  }

  @Override
  public String summary() {
    return "Price a run on each GPU of a market, on-demand and spot, and say how long it takes.";
  }

  @Override
  public Subject subject() {
    return Subject.JOB;
  }

  @Override
  public List<Parameter> parameters() {
    List<Parameter> more = new ArrayList<>(SpotParameters.ALL);
    more.addAll(List.of(JobParameters.SIZE, JobParameters.ACTIVE_PARAMS, EVAL_TOKENS));
    return MarketParameters.between(MarketParameters.GPU, SPOT, more);
  }

  @Override
  public List<Class<? extends Record>> answers() {
    return List.of(CostRecord.class);
  }

  /** The answer; what {@code --gpu} says is a filter, so it is no part of the job that is given. */
  @Override
  public CostReport answer(Call call) {
    Given given = call.given();
    SpotTerms terms = SpotParameters.read(given);
    JobDocument job = counted(JobParameters.sized(call));
    Optional<String> filter = given.value(MarketParameters.GPU);
    Optional<JobDocument> several =
        filter.or(() -> job.text(JobKey.GPU)).flatMap(gpu -> inMachines(job, gpu));
    JobDocument named =
        several
            .map(machines -> filter.isEmpty() ? machines : machines.without(Set.of(JobKey.GPU)))
            .orElse(job);
    Optional<String> wanted =
        filter.flatMap(
            gpu -> several.flatMap(machines -> machines.text(JobKey.GPU)).or(() -> filter));
    PricesRequest market = MarketParameters.request(call, SPOT, wanted);
    JobDocument document = NamedMarket.inMachines(named, market);
    CostRequest request =
        new CostRequest(
            market.report(call.today()), document.value(JobKey.GPU_COUNT, Integer.class), terms);
    CostReport report = report(call, request, document.without(decidedByOffers(document)));
    for (Notice notice :
        given.value(MarketParameters.GPU).map(CostNotes::ofSageMaker).orElse(List.of())) {
      report = report.remarked(notice);
    }
    return document.has(JobKey.GPU)
        ? report.remarked(
            document
                .about(JobKey.GPU, " is left aside, since all GPUs are priced; ")
                .and(MarketParameters.GPU, " narrows"))
        : report;
  }

  /** The job with its machines where a filter names one GPU, and more than a machine holds. */
  private static Optional<JobDocument> inMachines(JobDocument job, String gpu) {
    JobDocument named = job.with(JobKey.GPU, gpu, new Place.Behind(MarketParameters.GPU.name()));
    JobDocument several = NamedMarket.inMachines(named);
    return several.equals(named) ? Optional.empty() : Optional.of(several);
  }

  /** The job with the count that stands in its GPU's name, of each machine where it has several. */
  private static JobDocument counted(JobDocument job) {
    OptionalInt named =
        job.has(JobKey.GPU_COUNT)
            ? OptionalInt.empty()
            : job.text(JobKey.GPU).map(gpu -> count(job, gpu)).orElse(OptionalInt.empty());
    return named.isPresent()
        ? job.with(JobKey.GPU_COUNT, named.getAsInt(), job.place(JobKey.GPU).orElseThrow())
        : job;
  }

  /** Empty too of what is no name, which is left aside. */
  private static OptionalInt count(JobDocument job, String gpu) {
    try {
      return GpuCatalog.countIn(gpu).isPresent()
          ? GpuCatalog.embedded().find(gpu).inAllOf(job)
          : OptionalInt.empty();
    } catch (InputException e) {
      return OptionalInt.empty();
    }
  }

  /** An offer names its GPUs, and their number too where the job does not. */
  private static Set<JobKey> decidedByOffers(JobDocument document) {
    return document.has(JobKey.GPU_COUNT)
        ? Set.of(JobKey.GPU)
        : Set.of(JobKey.GPU, JobKey.GPU_COUNT);
  }

  private static CostReport report(Call call, CostRequest request, JobDocument document) {
    JobDocument shared = shared(document);
    return request.of(EstimateRequest.of(call, shared), JobParameters.extras(call.given()));
  }

  /** The job with a GPU for each of its machines, where only offers say how many these have. */
  private static JobDocument shared(JobDocument document) {
    Optional<Integer> nodes = document.value(JobKey.NODES, Integer.class);
    return nodes.isEmpty() || document.has(JobKey.GPU_COUNT)
        ? document
        : document.with(JobKey.GPU_COUNT, nodes.get(), document.place(JobKey.NODES).orElseThrow());
  }
}
