package dev.vramcast.answers.correction;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.calibration.JobScope;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Shown;
import dev.vramcast.core.job.ResolvedJob;
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

  /** For people, where a correction would be used, but an older program made it. */
  public Optional<Notice> outdated(Architecture architecture, ResolvedJob job, Optional<Gpu> gpu) {
    return gpu.flatMap(card -> find(JobScope.of(architecture, job, card), false))
        .map(
            saved ->
                Notice.of("the correction ", Shown.given(saved.name()))
                    .and(" is of vramcast ", saved.version())
                    .and(", whose estimates may differ, so it is not used"));
  }

  private Optional<SavedCorrection> find(JobScope scope, boolean current) {
    List<SavedCorrection> right =
        kept.get().stream().filter(saved -> saved.version().equals(version) == current).toList();
    return SavedCorrection.find(right, scope);
  }
}
