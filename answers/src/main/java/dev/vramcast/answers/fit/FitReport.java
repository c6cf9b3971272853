package dev.vramcast.answers.fit;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.time.work.ModelProfile;
import java.util.List;
import java.util.Optional;

/**
 * Whether a job fits a card, and what would make it fit.
 *
 * @param model name for people
 * @param keptFreeBytes of the card, by the user's wish
 * @param advice empty when the job fits
 * @param profile of the model, for the time that changes take
 * @param warnings one line each
 */
public record FitReport(
    String model,
    Gpu gpu,
    long keptFreeBytes,
    FitCheck check,
    Optional<Advice> advice,
    ModelProfile profile,
    List<String> warnings)
    implements Answer {

  public FitReport {
    warnings = List.copyOf(warnings);
  }

  @Override
  public List<String> lines(Terminal terminal) {
    return FitTable.lines(this, terminal);
  }

  @Override
  public Record record() {
    return FitRecord.of(this, Optional.empty());
  }

  /** What the job needs by the estimate alone. */
  long uncorrectedNeededBytes() {
    return check.memory().worst().neededDeviceBytes();
  }
}
