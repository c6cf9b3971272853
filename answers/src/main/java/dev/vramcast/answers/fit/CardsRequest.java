package dev.vramcast.answers.fit;

import dev.vramcast.answers.cost.CostNotes;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Phrase;
import dev.vramcast.core.input.Place;
import dev.vramcast.core.input.Refusal;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.job.document.JobDocument;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.machine.HeldCard;
import dev.vramcast.core.plan.machine.Rent;
import java.util.ArrayList;
import java.util.Comparator;
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
    List<HeldCard> rows = new ArrayList<>();
    List<CardsThatFit.Refused> refused = new ArrayList<>();
    for (Gpu gpu : asked()) {
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
      boolean alike =
          refused.size() == asked().size()
              && refused.stream().map(each -> each.reason()).distinct().count() == 1;
      refuseOnLargest(settled, alike);
    }
    List<Notice> warnings = new ArrayList<>(why.stream().toList());
    warnings.addAll(settled.warnings());
    CostNotes.ofLengths(settled.resolution()).ifPresent(warnings::add);
    return new CardsThatFit(settled.model().id(), settled.document(), rows, refused, warnings);
  }

  private List<Gpu> asked() {
    return every ? GpuCatalog.embedded().all() : GpuCatalog.embedded().usual();
  }

  /**
   * Says why of the card that has the most memory, and which one that is.
   *
   * @param alike whether the reason is that of all cards, so that none is to be named
   */
  private void refuseOnLargest(RequestedJob settled, boolean alike) {
    Gpu largest =
        asked().stream().max(Comparator.comparingLong(Gpu::allocatableBytes)).orElseThrow();
    String which =
        alike ? "" : " (on " + largest.name() + ", the largest of the cards asked about)";
    try {
      check(settled, largest);
    } catch (InputException e) {
      throw e.error().and(which).refusal(e);
    } catch (UnsupportedJobException e) {
      throw new UnsupportedJobException(
          e.gaps().stream()
              .map(
                  gap ->
                      new Gap(
                          gap.place(),
                          gap.subject(),
                          gap.what().and(Phrase.of(which)),
                          gap.needed(),
                          gap.modelled()))
              .toList());
    }
  }

  private HeldCard row(RequestedJob settled, Gpu gpu, Rent.Market market) {
    FitCheck check = check(settled, gpu);
    Architecture architecture = settled.model().architecture();
    return HeldCard.of(architecture, check, gpu, market);
  }

  private FitCheck check(RequestedJob settled, Gpu gpu) {
    JobDocument on =
        settled.document().with(JobKey.GPU, gpu.name(), new Place.Chosen("each in turn"));
    return FitEvaluator.of(settled.model().architecture(), gpu, keptFreeBytes, RangeFile.embedded())
        .knowing(job.steps())
        .check(on);
  }
}
