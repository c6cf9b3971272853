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
import dev.vramcast.core.job.document.JobDocument;
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
 * @param count how many GPUs the machine has to have; empty for any number
 */
public record CostRequest(PricesReport prices, Optional<Integer> count, SpotTerms terms) {

  /** A job whose model is named. */
  public CostReport of(EstimateRequest request, RunExtras extras) {
    refuseSeveral(request.document());
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
    CostSearch search = CostSearch.of(workload, offers(), terms, prices.purchase());
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

  private static void refuseSeveral(JobDocument document) {
    if (document.value(JobKey.NODES, Integer.class).orElse(1) > 1) {
      throw InputError.about(JobKey.NODES)
          .at(document.place(JobKey.NODES))
          .and(" is more than 1")
          .allowed("1, since one machine is priced")
          .refusal();
    }
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
          .kind(ErrorKind.NO_MATCH)
          .concerning(JobKey.GPU_COUNT)
          .refusal();
    }
    return offers;
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
