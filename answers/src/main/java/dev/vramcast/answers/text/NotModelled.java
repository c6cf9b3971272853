package dev.vramcast.answers.text;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.input.Gap;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.input.UnsupportedJobException;
import dev.vramcast.core.range.Verdict;
import java.util.List;

/**
 * The verdict on a job that nobody can put figures to yet, without any figure.
 *
 * @param gaps what is not modelled
 * @param reason the same in one sentence, e.g. {@code objective.stage dpo is not modelled yet}
 */
public record NotModelled(List<Gap> gaps, Notice reason) implements Answer {

  /** The verdict that a refusal is. */
  public static NotModelled of(UnsupportedJobException refusal) {
    return new NotModelled(refusal.gaps(), refusal.notice());
  }

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT);
    grid.row(
        new Cell("Verdict", Style.BOLD), new Cell(Verdict.NOT_MODELLED.words(), Style.WARNING));
    sections.add(grid.lines());
    sections.notice(reason.and("."));
    return sections.lines();
  }

  @Override
  public Record record() {
    return NotModelledRecord.of(this);
  }
}
