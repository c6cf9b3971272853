package dev.vramcast.answers.text;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.input.Notice;
import dev.vramcast.core.range.Verdict;
import java.util.List;

/**
 * The verdict on a job that does not start on its card, so that there is no peak to give.
 *
 * @param reason what has too little room, and how much would do
 */
public record NoRoom(Notice reason) implements Answer {

  /** The verdict that a refusal for lack of memory is. */
  public static NoRoom of(InputException refusal) {
    return new NoRoom(refusal.notice());
  }

  @Override
  public List<String> lines(Terminal terminal) {
    Sections sections = new Sections(terminal);
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT);
    grid.row(new Cell("Verdict", Style.BOLD), new Cell(Verdict.DOES_NOT_FIT.words(), Style.BAD));
    sections.add(grid.lines());
    sections.notice(reason.and("."));
    return sections.lines();
  }

  @Override
  public Record record() {
    return NoRoomRecord.of(this);
  }
}
