package dev.vramcast.answers.operation;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.request.JobBase;
import dev.vramcast.answers.request.ProfileChoice;
import dev.vramcast.answers.request.Sources;
import dev.vramcast.catalog.gpu.GpuFinder;
import dev.vramcast.catalog.price.refresh.KeptPrices;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.plan.machine.Rent;
import dev.vramcast.core.plan.search.Progress;
import dev.vramcast.core.run.RecentSteps;
import java.time.LocalDate;

/**
 * What somebody asks, with what may be used for the answer.
 *
 * @param given parameters beside the job
 * @param over what is said of the job itself, which wins over files
 * @param base the files that describe the job
 * @param means what may be used
 * @param progress is told how far a search is; what it throws ends the search
 */
public record Call(Given given, JobDocument over, JobBase base, Means means, Progress progress) {

  /**
   * What an answer may be made from.
   *
   * @param sources where model and data may come from
   * @param gpus tells which GPU a name means
   * @param corrections that may be used
   * @param today tells how old prices are
   * @param prices that were fetched
   * @param steps what is known of steps that were asked about before
   */
  public record Means(
      Sources sources,
      GpuFinder gpus,
      Corrections corrections,
      LocalDate today,
      KeptPrices prices,
      RecentSteps steps) {}

  public Sources sources() {
    return means.sources();
  }

  public GpuFinder gpus() {
    return means.gpus();
  }

  public Corrections corrections() {
    return means.corrections();
  }

  public LocalDate today() {
    return means.today();
  }

  /** Machines for rent, at prices that were fetched or are part of this program. */
  public Rent.Market market() {
    return new Rent.Market(means.prices()::usual, today());
  }

  /** The whole job. */
  public JobDocument document() {
    return ProfileChoice.of(base, over);
  }

  public boolean opensFiles() {
    return sources() instanceof Sources.Files;
  }
}
