package dev.vramcast.answers.calibrate;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.calibration.Attribution;
import dev.vramcast.core.calibration.Estimated;
import dev.vramcast.core.calibration.Run;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.Notice;
import java.util.List;
import java.util.Optional;

/**
 * A run beside the estimate of its job.
 *
 * @param expected the estimated figures with their ranges
 * @param estimated the figures that the run is held against
 * @param hints common causes of a difference, one sentence each
 * @param kept the correction, where it was kept
 */
public record CalibrateReport(
    EstimateReport estimate,
    ExpectedMemory expected,
    Run run,
    Estimated estimated,
    Attribution attribution,
    List<Notice> hints,
    Optional<Kept> kept)
    implements Answer {

  /** A correction and the file that it is kept in. */
  public record Kept(SavedCorrection correction, String file) {}

  public CalibrateReport {
    hints = List.copyOf(hints);
  }

  @Override
  public List<String> lines(Terminal terminal) {
    return CalibrateTable.lines(this, terminal);
  }

  @Override
  public Record record() {
    return CalibrationRecord.of(this);
  }

  @Override
  public List<Notice> warnings() {
    return estimate.warnings();
  }

  /** GPUs of the job. */
  int gpus() {
    return estimate.resolution().job().parallelism().gpus();
  }
}
