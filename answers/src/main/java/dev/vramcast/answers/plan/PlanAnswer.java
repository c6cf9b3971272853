package dev.vramcast.answers.plan;

import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.Words;
import java.util.List;

/** A plan as it is shown; where nothing fits, the line that says what stands in the way. */
public record PlanAnswer(PlanReport report) implements Answer {

  @Override
  public List<String> lines(Terminal terminal) {
    return report.isFound()
        ? PlanTable.lines(report, terminal, false)
        : List.of(report.nothing().line(Words.DOCUMENT));
  }

  @Override
  public Record record() {
    return PlanRecord.of(report);
  }

  @Override
  public List<Notice> warnings() {
    return report.warnings();
  }
}
