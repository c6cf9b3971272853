package dev.vramcast.answers.cost;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.answers.request.SequenceLength;
import dev.vramcast.answers.rule.RuleReport;
import dev.vramcast.answers.rule.RuleRequest;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.JobResolver;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.machine.CostSearch;
import dev.vramcast.core.plan.machine.JobWorkload;
import dev.vramcast.core.plan.machine.SizeWorkload;
import dev.vramcast.core.plan.machine.Workload;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.TrainingData;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a run costs on a market.
 *
 * @param prices the market
 * @param count how many GPUs the machine has to have; empty for any number
 */
public record CostRequest(PricesReport prices, Optional<Integer> count, SpotTerms terms) {

  /** What decides a cost beside what the rule of thumb looks at. */
  private static final Set<JobKey> BESIDE =
      EnumSet.of(
          JobKey.TOKENS,
          JobKey.EXAMPLES,
          JobKey.TOKENS_PER_EXAMPLE,
          JobKey.EPOCHS,
          JobKey.PRECISION,
          JobKey.GPU_COUNT);

  /** A job whose model is named. */
  public CostReport of(EstimateRequest request, RunExtras extras) {
    RequestedJob job = request.settle();
    if (job.resolution().job().parallelism().nodes() > 1) {
      throw InputError.about(JobKey.NODES)
          .and(" is more than 1")
          .allowed("1, since one machine is priced")
          .refusal();
    }
    TrainingData data = data(job.resolution());
    Architecture architecture = job.model().architecture();
    Workload workload =
        new JobWorkload(
            architecture,
            ModelProfile.of(architecture),
            job.document(),
            data,
            extras,
            request.steps(),
            RangeFile.embedded());
    return report(
        workload,
        job.model().id(),
        job.resolution().job().method().label(),
        data.tokens(),
        job.warnings());
  }

  /** A model of which only the size is known. */
  public CostReport ofSize(RuleRequest request) {
    JobDocument document = request.document();
    JobDocument timed =
        document.has(JobKey.SEQUENCE_LENGTH)
            ? document
            : document.with(
                JobKey.SEQUENCE_LENGTH,
                SequenceLength.USUAL,
                new Place.Chosen("the usual cut-off"));
    Resolution resolution = JobResolver.resolve(timed);
    double tokens = data(resolution).tokens();
    RuleReport rule =
        new RuleRequest(
                document.without(BESIDE), request.parameters(), request.active(), request.gpus())
            .report();
    Workload workload =
        new SizeWorkload(rule.size(), rule.method(), rule.rule(), resolution.job(), tokens);
    return report(
        workload, rule.billions() + " parameters", rule.method().label(), tokens, rule.warnings());
  }

  private CostReport report(
      Workload workload, String model, String method, double tokens, List<Notice> warnings) {
    CostSearch search = CostSearch.of(workload, offers(), terms, prices.purchase());
    boolean onlySize = workload instanceof SizeWorkload;
    return new CostReport(model, method, onlySize, tokens, terms, prices, search, warnings);
  }

  private List<Offer> offers() {
    List<Offer> offers =
        prices.offers().stream()
            .filter(offer -> count.map(wanted -> wanted == offer.count()).orElse(true))
            .toList();
    if (offers.isEmpty()) {
      throw InputError.of(
              "none of the ",
              prices.offers().size(),
              " offers has as many GPUs as ",
              JobKey.GPU_COUNT,
              " says: ",
              count.orElseThrow())
          .concerning(JobKey.GPU_COUNT)
          .refusal();
    }
    return offers;
  }

  private static TrainingData data(Resolution resolution) {
    TrainingData data =
        TrainingData.of(resolution)
            .orElseThrow(
                () ->
                    InputError.of("no tokens to train on")
                        .concerning(JobKey.TOKENS)
                        .hint(
                            "give ",
                            JobKey.TOKENS,
                            ", or ",
                            JobKey.EXAMPLES,
                            " with ",
                            JobKey.TOKENS_PER_EXAMPLE)
                        .refusal());
    if (!(data.tokens() > 0)) {
      throw InputError.of("there is nothing to train: ", JobKey.EPOCHS, " is 0")
          .concerning(JobKey.EPOCHS)
          .allowed("more")
          .refusal();
    }
    return data;
  }
}
