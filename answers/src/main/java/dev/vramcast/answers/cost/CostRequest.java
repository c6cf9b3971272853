package dev.vramcast.answers.cost;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.first.Training;
import dev.vramcast.answers.prices.PricesReport;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.cost.SpotTerms;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.resolve.Resolution;
import dev.vramcast.core.market.Offer;
import dev.vramcast.core.plan.machine.CostSearch;
import dev.vramcast.core.plan.machine.JobWorkload;
import dev.vramcast.core.time.RunExtras;
import dev.vramcast.core.time.work.ModelProfile;
import dev.vramcast.core.time.work.TrainingData;
import java.util.List;
import java.util.Optional;

/**
 * What a run costs on a market.
 *
 * @param prices the market
 * @param count how many GPUs there have to be in all machines; empty for any number
 */
public record CostRequest(PricesReport prices, Optional<Integer> count, SpotTerms terms) {

  /** A job whose model is named. */
  public CostReport of(EstimateRequest request, RunExtras extras) {
    AssumedRun run = AssumedRun.of(request.document(), document -> request.with(document).settle());
    RequestedJob job = run.job();
    TrainingData data = data(job.resolution());
    Architecture architecture = job.model().architecture();
    JobWorkload workload =
        new JobWorkload(
            architecture,
            ModelProfile.of(architecture),
            job.document(),
            data,
            extras,
            request.steps(),
            RangeFile.embedded());
    CostSearch search = CostSearch.of(workload, offers(workload), terms, prices.purchase());
    if (search.isImpossible()) {
      request.refuseImpossible(job);
    }
    return new CostReport(
        job.model().id(),
        Training.of(job.resolution().job()),
        data.tokens(),
        run.notes(),
        terms,
        prices,
        search,
        job.warnings());
  }

  private List<Offer> offers(JobWorkload workload) {
    int machines = workload.machines();
    List<Offer> offers =
        prices.offers().stream()
            .filter(offer -> count.map(gpus -> offer.holds(gpus, machines)).orElse(true))
            .toList();
    if (offers.isEmpty()) {
      int most = prices.offers().stream().mapToInt(Offer::count).max().orElse(1);
      int each = count.orElseThrow() / machines;
      InputError none =
          InputError.of(
                  "none of the ",
                  prices.offers().size(),
                  " offers has as many GPUs as ",
                  JobKey.GPU_COUNT,
                  " says: ",
                  each,
                  machines == 1 ? "" : " in each of " + machines + " machines")
              .kind(ErrorKind.NO_MATCH)
              .concerning(JobKey.GPU_COUNT);
      throw (each > most
              ? none.hint("none has more than ", most, "; ", JobKey.NODES, " takes several")
              : none)
          .refusal();
    }
    int largest = offers.stream().mapToInt(Offer::count).max().orElseThrow();
    int mostMachines = JobKey.MOST_GPUS / largest;
    if (machines > mostMachines) {
      throw InputError.about(JobKey.NODES)
          .at(workload.document().place(JobKey.NODES))
          .isSet(machines)
          .allowed("1 to ", mostMachines)
          .refusal();
    }
    boolean networked = workload.document().has(JobKey.NETWORK);
    List<Offer> joined = offers.stream().filter(offer -> offer.joins(machines, networked)).toList();
    if (joined.isEmpty()) {
      throw InputError.about(JobKey.NODES)
          .isSet(machines)
          .but("no offer says by what network such machines reach each other")
          .hint("give ", JobKey.NETWORK)
          .kind(ErrorKind.NO_MATCH)
          .refusal();
    }
    return joined;
  }

  private static TrainingData data(Resolution resolution) {
    TrainingData data = TrainingData.of(resolution).orElseThrow();
    if (!(data.tokens() > 0)) {
      throw InputError.of("there is nothing to train: ", JobKey.EPOCHS, " is 0")
          .concerning(JobKey.EPOCHS)
          .allowed("more")
          .refusal();
    }
    return data;
  }
}
