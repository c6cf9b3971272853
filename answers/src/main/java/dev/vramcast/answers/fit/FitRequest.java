package dev.vramcast.answers.fit;

import dev.vramcast.answers.correction.Corrections;
import dev.vramcast.answers.estimate.EstimateRequest;
import dev.vramcast.answers.first.Caveats;
import dev.vramcast.answers.prices.NamedMarket;
import dev.vramcast.answers.request.RequestedJob;
import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.catalog.range.RangeFile;
import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.fit.FitEvaluator;
import dev.vramcast.core.fit.Remedies;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.ErrorKind;
import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Subject;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.plan.machine.Rent;
import dev.vramcast.core.time.work.ModelProfile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A job that is to be held against a card.
 *
 * @param keptFreeBytes of the card that the job may not take
 * @param corrections that may be used
 */
public record FitRequest(EstimateRequest job, long keptFreeBytes, Corrections corrections) {

  /**
   * Judges the job, and looks for what would make it fit where it does not for certain.
   *
   * @param market of machines for rent
   */
  public CorrectedFit report(Rent.Market market) {
    RequestedJob settled = job.settle();
    Gpu gpu = card(settled);
    FitEvaluator estimate = evaluator(settled, gpu, keptFreeBytes).knowing(job.steps());
    Architecture architecture = settled.model().architecture();
    ResolvedJob resolved = settled.resolution().job();
    Optional<SavedCorrection> saved = corrections.find(architecture, resolved, Optional.of(gpu));
    FitEvaluator evaluator = estimate.corrected(saved.map(SavedCorrection::correction));
    FitCheck check = evaluator.check(settled.document());
    Optional<Advice> advice =
        check.fits()
            ? Optional.empty()
            : Optional.of(
                Remedies.advise(
                    evaluator,
                    check,
                    PriceLists.rented(GpuCatalog.embedded().all()),
                    other -> Rent.dollars(architecture, other, market)));
    List<Notice> warnings = new ArrayList<>(settled.warnings());
    corrections.outdated(architecture, resolved, Optional.of(gpu)).ifPresent(warnings::add);
    FitReport report =
        new FitReport(
            settled.model().id(),
            new FitReport.Card(gpu, keptFreeBytes),
            check,
            advice,
            ModelProfile.of(architecture),
            Caveats.of(architecture, settled.resolution(), Optional.of(gpu)),
            Rent.of(architecture, check, gpu, NamedMarket.of(market, job.document())),
            warnings);
    return new CorrectedFit(report, saved);
  }

  static Gpu card(RequestedJob settled) {
    return settled
        .gpu()
        .orElseThrow(
            () ->
                InputError.of("no GPU to hold the job against")
                    .kind(ErrorKind.MISSING)
                    .concerning(JobKey.GPU)
                    .hint("give ", JobKey.GPU, " NAME")
                    .refusal());
  }

  static FitEvaluator evaluator(RequestedJob settled, Gpu gpu, long keptFree) {
    if (keptFree >= gpu.allocatableBytes()) {
      throw InputError.about(Subject.option("--headroom"))
          .and(" keeps all of the ", gpu.memory().mebibytes(), " MiB of ", gpu.name(), " free")
          .allowed("less than that")
          .refusal();
    }
    return FitEvaluator.of(settled.model().architecture(), gpu, keptFree, RangeFile.embedded());
  }
}
