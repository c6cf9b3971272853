package dev.vramcast.answers.fit;

import dev.vramcast.answers.correction.CorrectedAnswer;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.calibration.SavedCorrection;
import java.util.Optional;

/** Whether a job fits, with the correction that the answer goes by. */
public record CorrectedFit(FitReport report, Optional<SavedCorrection> correction) {

  /** For people and programs; a correction is named with what would be needed without it. */
  public Answer answer() {
    if (correction.isEmpty()) {
      return report;
    }
    long estimated = report.check().memory().worst().neededDeviceBytes();
    return new CorrectedAnswer(
        report,
        correction.get(),
        new CorrectedAnswer.Uncorrected(
            "Without it the job needs "
                + Gib.text(estimated)
                + (report.advice().isPresent()
                    ? "; what is said of changes is corrected alike, of other cards it is not."
                    : "."),
            "uncorrected_needed_bytes",
            estimated));
  }
}
