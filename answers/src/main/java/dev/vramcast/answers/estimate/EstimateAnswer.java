package dev.vramcast.answers.estimate;

import dev.vramcast.answers.correction.CorrectedFigures;
import dev.vramcast.answers.first.FirstScreen;
import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.Notice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * An estimate as it is shown.
 *
 * @param screen what it begins with
 * @param corrected what a correction makes of it, where one is used
 * @param outdated one line about a correction that an older program made
 * @param timeline whether programs get the memory of the step, state by state
 * @param modules whether the tensors alive at the peak are shown by the module that made them
 */
public record EstimateAnswer(
    EstimateReport report,
    FirstScreen screen,
    Optional<CorrectedFigures> corrected,
    Optional<Notice> outdated,
    boolean timeline,
    boolean modules)
    implements Answer {

  @Override
  public List<String> lines(Terminal terminal) {
    return lines(terminal, false, false);
  }

  @Override
  public List<String> brief(Terminal terminal) {
    return EstimateTable.brief(this, terminal);
  }

  /**
   * As {@link #lines(Terminal)}.
   *
   * @param explain show every setting and every tensor, not the ones that matter most
   * @param ranks show every kind of rank, not only the one that needs most
   */
  public List<String> lines(Terminal terminal, boolean explain, boolean ranks) {
    return EstimateTable.lines(this, terminal, explain, ranks);
  }

  @Override
  public Record record() {
    return EstimateRecord.of(this);
  }

  @Override
  public List<Notice> warnings() {
    List<Notice> warnings = new ArrayList<>(report.warnings());
    outdated.ifPresent(warnings::add);
    return warnings;
  }
}
