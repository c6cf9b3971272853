package dev.vramcast.answers.correction;

import dev.vramcast.answers.memory.Chance;
import dev.vramcast.answers.memory.Expectation;
import dev.vramcast.answers.memory.ExpectedMemory;
import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.answers.text.Sections;
import dev.vramcast.core.calibration.Correction;
import dev.vramcast.core.calibration.SavedCorrection;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.input.Subject;

/** What is said about a correction that an answer uses. */
public final class CorrectionLines {

  /** The option of a command line that leaves corrections out. */
  public static final Subject NOT_USED = Subject.option("--no-corrections");

  private CorrectionLines() {}

  /** Each figure before and after. */
  public static void add(CorrectedFigures figures, Terminal terminal, Sections sections) {
    ExpectedMemory before = figures.estimated();
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.LEFT);
    grid.row(Style.DIM, "", "estimated", "corrected");
    row(grid, "Peak allocated", before.allocated(), figures.memory().allocatedBytes(), "");
    row(grid, "Reserved", before.reserved(), figures.memory().reservedBytes(), "");
    row(grid, "On the device", before.device(), figures.memory().deviceBytes(), "");
    row(grid, "Needed of it", before.needed(), figures.memory().neededBytes(), verdict(figures));
    figures
        .speed()
        .ifPresent(
            speed ->
                grid.row(
                    Cell.plain("Speed"),
                    Cell.dim(tokens(speed.estimated())),
                    Cell.bold(tokens(speed.corrected())),
                    Cell.plain("tokens/s")));
    sections.title(title(figures.correction()));
    sections.add(grid.lines());
    sections.sentence(factors(figures.correction()), "; ", NOT_USED, " leaves it out");
  }

  private static void row(Grid grid, String name, Expectation before, long after, String words) {
    grid.row(
        Cell.plain(name),
        Cell.dim(Gib.text(before.bytes())),
        Cell.bold(Gib.text(after)),
        Cell.plain(words));
  }

  private static String tokens(double perSecond) {
    return Gib.grouped(Math.round(perSecond));
  }

  private static String verdict(CorrectedFigures figures) {
    if (figures.card().isEmpty()) {
      return "";
    }
    Gpu card = figures.card().get();
    long spare = card.allocatableBytes() - figures.memory().neededBytes();
    String room =
        spare >= 0 ? Gib.text(spare) + " to spare" : Gib.text(-spare) + " more than the card has";
    return figures
        .verdict()
        .map(verdict -> verdict.words() + ", " + Chance.words(figures.chance()) + room)
        .orElse(room);
  }

  /** Its name, its run and its day. */
  public static String title(SavedCorrection saved) {
    return "Corrected by '%s', from %s of %s".formatted(saved.name(), saved.run(), saved.date());
  }

  /** By how much it changes what, in words. */
  public static String factors(SavedCorrection saved) {
    Correction correction = saved.correction();
    String speed =
        correction.speed().isEmpty()
            ? ""
            : ", speed x" + Gib.rounded(correction.speed().getAsDouble(), 3);
    long outside = correction.outsideBytes() >> 20;
    return "tensors x%s, caching allocator x%s, %s%d MiB outside of it%s"
        .formatted(
            Gib.rounded(correction.tensors(), 3),
            Gib.rounded(correction.allocator(), 3),
            outside < 0 ? "" : "+",
            outside,
            speed);
  }
}
