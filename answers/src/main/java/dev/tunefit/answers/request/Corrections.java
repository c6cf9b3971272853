package dev.tunefit.answers.request;

import dev.tunefit.core.architecture.Architecture;
import dev.tunefit.core.calibration.JobScope;
import dev.tunefit.core.calibration.SavedCorrection;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.job.ResolvedJob;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The corrections that a command may use.
 *
 * @param kept reads them when they are asked for
 * @param version of this program; what was kept by another corrects another estimate
 */
public record Corrections(Supplier<List<SavedCorrection>> kept, String version) {

  /** No correction is used. */
  public static final Corrections NONE = new Corrections(List::of, "");

  /** The correction for a job, where one is kept for such jobs on such a card. */
  public Optional<SavedCorrection> find(
      Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    return gpu.flatMap(card -> find(JobScope.of(architecture, job, card), true));
  }

  /** One line for people where a correction would be used, but an older program made it. */
  public Optional<String> outdated(Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    return gpu.flatMap(card -> find(JobScope.of(architecture, job, card), false))
        .map(
            saved ->
                ("the correction '%s' is of tunefit %s, whose estimates may differ, so it is not"
                        + " used")
                    .formatted(saved.name(), saved.version()));
  }

  private Optional<SavedCorrection> find(JobScope scope, boolean current) {
    List<SavedCorrection> right =
        kept.get().stream().filter(saved -> saved.version().equals(version) == current).toList();
    return SavedCorrection.find(right, scope);
  }
}
