package dev.vramcast.core.calibration;

import java.time.LocalDate;
import java.util.List;
import java.util.Optional;

/**
 * A correction that a user keeps.
 *
 * @param name the user's word for it
 * @param run the files that it comes from
 * @param version of the program whose estimate it corrects
 */
public record SavedCorrection(
    String name,
    String run,
    LocalDate date,
    String version,
    Correction correction,
    JobScope scope) {

  /** What a name of a correction may be. */
  public static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

  /** The correction for a job: the latest whose jobs it belongs to. */
  public static Optional<SavedCorrection> find(List<SavedCorrection> saved, JobScope job) {
    return saved.stream()
        .filter(correction -> correction.scope().covers(job))
        .reduce((a, b) -> b.date().isBefore(a.date()) ? a : b);
  }
}
