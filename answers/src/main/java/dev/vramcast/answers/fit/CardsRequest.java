package dev.vramcast.answers.fit;

import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.first.Rent;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Refusal;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job that names no card, to be held against those that people have.
 *
 * @param keptFreeBytes of each card that the job may not take
 * @param every whether all cards of the catalogue are asked about
 * @param why no card is named, where there is something to say of it
 */
public record CardsRequest(
    EstimateRequest job, long keptFreeBytes, boolean every, Optional<Notice> why) {

  /**
   * Holds the job against each.
   *
   * @param market of machines for rent
   * @throws UnsupportedJobException when it is modelled on none of them
   */
  public CardsThatFit report(Rent.Market market) {
    RequestedJob settled = job.settle();
    List<CardsThatFit.Row> rows = new ArrayList<>();
    List<CardsThatFit.Refused> refused = new ArrayList<>();
    for (Gpu gpu : every ? GpuCatalog.embedded().all() : UsualCards.all()) {
      if (keptFreeBytes >= gpu.allocatableBytes()) {
        continue;
      }
      try {
        rows.add(row(settled, gpu, market));
      } catch (InputException | UnsupportedJobException e) {
        boolean tooSmall = e instanceof InputException found && found.isForLackOfMemory();
        refused.add(new CardsThatFit.Refused(gpu, ((Refusal) e).notice(), tooSmall));
      }
    }
    if (rows.isEmpty()) {
      check(settled, GpuCatalog.embedded().all().get(0));
    }
    List<Notice> warnings = new ArrayList<>(why.stream().toList());
    warnings.addAll(settled.warnings());
    return new CardsThatFit(settled.model().id(), settled.document(), rows, refused, warnings);
  }

  private CardsThatFit.Row row(RequestedJob settled, Gpu gpu, Rent.Market market) {
    FitCheck check = check(settled, gpu);
    Architecture architecture = settled.model().architecture();
    return new CardsThatFit.Row(gpu, check, Rent.of(architecture, check.resolution(), gpu, market));
  }

  private FitCheck check(RequestedJob settled, Gpu gpu) {
    JobDocument on =
        settled.document().with(JobKey.GPU, gpu.name(), new Place.Chosen("each in turn"));
    return FitEvaluator.of(settled.model().architecture(), gpu, keptFreeBytes, RangeFile.embedded())
        .knowing(job.steps())
        .check(on);
  }
}
