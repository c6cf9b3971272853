package dev.vramcast.answers.text;

import dev.vramcast.answers.record.Figure;
import dev.vramcast.answers.record.Figures;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Terminal;
import java.util.List;

/** Every figure of an answer for people: what programs call it, what it is, what it means. */
public final class FigureLines {

  /** Characters of a value that leave the meaning its place beside it. */
  private static final int SHORT = 22;

  private FigureLines() {}

  /** The lines, walked from the components of the answer. */
  public static List<String> of(Record answer, Terminal terminal) {
    Sections sections = new Sections(terminal);
    for (Figure.Group group : Figures.of(answer)) {
      String title = group.path().isEmpty() ? "Every figure" : group.path();
      sections.title(title, group.meaning());
      Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT).wrapped();
      group.figures().forEach(figure -> add(grid, figure));
      sections.add(grid.lines());
    }
    return sections.lines();
  }

  private static void add(Grid grid, Figure figure) {
    String value = new FigureText(figure.name()).all(figure.shape(), figure.values());
    Cell meaning = Cell.dim(figure.meaning().orElse(""));
    if (value.length() <= SHORT) {
      grid.row(Cell.plain(figure.name()), Cell.bold(value), meaning);
    } else {
      grid.row(Cell.plain(figure.name()), Cell.plain(""), Cell.plain(value));
      grid.row(Cell.plain(""), Cell.plain(""), meaning);
    }
  }
}
