package dev.vramcast.answers.fit;

import dev.vramcast.answers.first.Caveats;
import dev.vramcast.answers.first.FirstScreen;
import dev.vramcast.answers.first.Outcome;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.fit.Advice;
import dev.vramcast.core.fit.FitCheck;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.plan.machine.Rent;
import dev.vramcast.core.time.work.ModelProfile;
import java.util.List;
import java.util.Optional;

/**
 * Whether a job fits a card, and what would make it fit.
 *
 * @param model name for people
 * @param advice empty when the job fits
 * @param profile of the model, for the time that changes take
 * @param caveats where the job is less than its model's name lets expect
 * @param rent hours and dollars; empty where the card's rates are not known
 * @param warnings what is to be known of it
 */
public record FitReport(
    String model,
    Card card,
    FitCheck check,
    Optional<Advice> advice,
    ModelProfile profile,
    Caveats caveats,
    Optional<Rent> rent,
    List<Notice> warnings)
    implements Answer {

  /**
   * What the job is held against.
   *
   * @param keptFreeBytes of it, by the user's wish
   */
  public record Card(Gpu gpu, long keptFreeBytes) {}

  public FitReport {
    warnings = List.copyOf(warnings);
  }

  public Gpu gpu() {
    return card.gpu();
  }

  @Override
  public List<String> lines(Terminal terminal) {
    return FitTable.lines(this, terminal, false);
  }

  /** What it begins with. */
  FirstScreen first() {
    Outcome outcome =
        new Outcome(
            model,
            check.resolution(),
            check.memory().worst(),
            check.deviceBytes(),
            check.need().errors(),
            caveats,
            check.needs(),
            Optional.of(
                new Outcome.OnCard(gpu(), check.usableBytes(), check.verdict(), check.chance())));
    return new FirstScreen(outcome, () -> advice, () -> rent, check.memory().assumptions());
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
