package dev.vramcast.answers.memory;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.job.code.CodeFact;

/** What the framework's code does beside its settings, with the place that says so. */
public final class CodeTable {

  private CodeTable() {}

  public static void add(EstimateReport report, Terminal terminal, Sections sections) {
    sections.title("The framework's code");
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT, Align.LEFT);
    for (CodeFact fact : report.resolution().job().frameworkCode().facts()) {
      grid.row(Cell.plain(fact.name()), Cell.plain(fact.text()), Cell.dim(fact.place()));
    }
    sections.add(grid.wrapped().lines());
  }
}
