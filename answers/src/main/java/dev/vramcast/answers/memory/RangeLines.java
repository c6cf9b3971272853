package dev.vramcast.answers.memory;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.Verdict;
import java.util.List;

/** What an estimate for people says about ranges. */
public final class RangeLines {

  private RangeLines() {}

  /** Both ends, e.g. {@code 12.75 to 19.71}; blank when there is no range. */
  public static String ends(Expectation expectation) {
    return expectation
        .range()
        .map(range -> end(range.lowBytes()) + " to " + end(range.highBytes()))
        .orElse("");
  }

  private static String end(long bytes) {
    return Gib.rounded(Gib.of(bytes), 2);
  }

  /** Whether a card is large enough, e.g. {@code tight, 80 %, 9.00 GiB to spare}. */
  public static String verdict(ExpectedMemory expected, Gpu card) {
    long free = expected.headroomBytes(card);
    String room =
        free >= 0 ? Gib.text(free) + " to spare" : Gib.text(-free) + " more than the card has";
    return expected
        .verdict(card)
        .map(verdict -> Chance.verdict(verdict, expected.chance(card), free >= 0))
        .map(words -> words + ", " + Chance.words(expected.chance(card)) + room)
        .orElse(room);
  }

  public static Style style(ExpectedMemory expected, Gpu card) {
    Verdict without = expected.headroomBytes(card) >= 0 ? Verdict.FITS : Verdict.DOES_NOT_FIT;
    return switch (expected.verdict(card).orElse(without)) {
      case FITS -> Style.GOOD;
      case TIGHT, NOT_MODELLED -> Style.WARNING;
      case DOES_NOT_FIT -> Style.BAD;
    };
  }

  /** A line for each number: how many runs its range rests on, and of which kind they are. */
  public static List<String> origins(ExpectedMemory expected, Terminal terminal) {
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT).wrapped();
    origin(grid, "peak allocated", expected.allocated());
    origin(grid, "reserved", expected.reserved());
    origin(grid, "on the device", expected.device());
    return grid.lines();
  }

  private static void origin(Grid grid, String name, Expectation expectation) {
    expectation.row().ifPresent(row -> grid.row(cells(name, row)));
  }

  private static String counted(int count, String name) {
    return count + " " + name + (count == 1 ? "" : "s");
  }

  private static Cell[] cells(String name, RangeRow row) {
    return new Cell[] {
      Cell.plain(name),
      Cell.plain(counted(row.runs(), "run")),
      Cell.plain(counted(row.sources(), "source")),
      Cell.dim(row.words())
    };
  }
}
