package dev.vramcast.answers.text;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.range.Verdict;
import java.util.List;

/**
 * The verdict on a job that nobody can put figures to yet, without any figure.
 *
 * @param reason what is not modelled, e.g. {@code objective.stage dpo is not modelled yet}
 */
public record NotModelled(String reason) implements Answer {

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT);
    grid.row(
        new Cell("Verdict", Style.BOLD), new Cell(Verdict.NOT_MODELLED.words(), Style.WARNING));
    sections.add(grid.lines());
    sections.sentence(reason + ".");
    return sections.lines();
  }

  @Override
  public Record record() {
    return new NotModelledRecord(Verdict.NOT_MODELLED, reason, List.of());
  }
}
