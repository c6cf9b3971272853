package dev.vramcast.answers.fit;

import dev.vramcast.answers.correction.CorrectionLines;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.input.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Whether a job fits, with the correction that the answer goes by. */
public record CorrectedFit(FitReport report, Optional<SavedCorrection> correction)
    implements Answer {

  @Override
  public List<String> lines(Terminal terminal) {
    return lines(terminal, false);
  }

  @Override
  public List<String> brief(Terminal terminal) {
    return lines(terminal, true);
  }

  /**
   * As {@link #lines(Terminal)}.
   *
   * @param explain show all changes that save memory
   */
  public List<String> lines(Terminal terminal, boolean explain) {
    List<String> lines = new ArrayList<>(FitTable.lines(report, terminal, explain));
    correction.ifPresent(
        saved -> {
          lines.add("");
          lines.addAll(lines(saved, terminal));
        });
    return lines;
  }

  private List<String> lines(SavedCorrection saved, Terminal terminal) {
    Sections sections = new Sections(terminal);
    sections.title(CorrectionLines.title(saved));
    sections.sentence(
        CorrectionLines.factors(saved), "; ", CorrectionLines.NOT_USED, " leaves it out");
    sections.sentence(
        "Without it the job needs "
            + Gib.text(report.uncorrectedNeededBytes())
            + (report.advice().isPresent()
                ? "; what is said of changes is corrected alike, of other cards it is not."
                : "."));
    return sections.lines();
  }

  @Override
  public Record record() {
    return FitRecord.of(report, correction);
  }

  @Override
  public List<Notice> warnings() {
    return report.warnings();
  }
}
