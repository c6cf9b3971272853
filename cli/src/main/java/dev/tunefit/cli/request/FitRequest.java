package dev.tunefit.cli.request;

import dev.tunefit.catalog.gpu.GpuCatalog;
import dev.tunefit.catalog.range.RangeFile;
import dev.tunefit.cli.report.FitReport;
import dev.tunefit.core.fit.Advice;
import dev.tunefit.core.fit.FitCheck;
import dev.tunefit.core.fit.Judge;
import dev.tunefit.core.fit.Remedies;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.input.InputException;
import dev.tunefit.core.time.ModelProfile;
import java.util.Optional;

/**
 * A job that is to be held against a card.
 *
 * @param keptFreeBytes of the card that the job may not take
 */
public record FitRequest(EstimateRequest job, long keptFreeBytes) {

  /** Judges the job, and looks for what would make it fit where it does not for certain. */
  public FitReport report() {
    SettledJob settled = job.settle();
    Gpu gpu = card(settled);
    Judge judge = judge(settled, gpu, keptFreeBytes);
    FitCheck check = judge.check(settled.document());
    Optional<Advice> advice =
        check.fits()
            ? Optional.empty()
            : Optional.of(Remedies.advise(judge, check, GpuCatalog.embedded().all()));
    ModelProfile profile = ModelProfile.of(settled.model().architecture());
    return new FitReport(
        settled.model().id(), gpu, keptFreeBytes, check, advice, profile, settled.warnings());
  }

  static Gpu card(SettledJob settled) {
    return settled
        .gpu()
        .orElseThrow(() -> new InputException("no GPU to hold the job against: give --gpu NAME"));
  }

  static Judge judge(SettledJob settled, Gpu gpu, long keptFree) {
    if (keptFree >= gpu.memory().bytes()) {
      throw new InputException(
          "--headroom keeps all of the "
              + gpu.memory().mebibytes()
              + " MiB of "
              + gpu.name()
              + " free, allowed: less than that");
    }
    return Judge.of(settled.model().architecture(), gpu, keptFree, RangeFile.embedded());
  }
}
