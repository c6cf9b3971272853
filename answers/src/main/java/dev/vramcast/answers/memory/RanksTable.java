package dev.vramcast.answers.memory;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.run.MemoryEstimate;
import dev.vramcast.core.run.RankEstimate;
import java.util.List;
import java.util.Optional;

/** Every kind of rank of a job, one a row. */
public final class RanksTable {

  private RanksTable() {}

  /** The rows with a head; those that need less are replayed for it. */
  public static List<String> lines(
      MemoryEstimate memory, ExpectedMemory expected, Optional<Gpu> gpu, Terminal terminal) {
    Grid grid =
        new Grid(
            terminal,
            Align.LEFT,
            Align.RIGHT,
            Align.RIGHT,
            Align.RIGHT,
            Align.RIGHT,
            Align.RIGHT,
            Align.LEFT);
    grid.row(Style.DIM, "", "GPUs", "allocated", "reserved", "device", "host", "peak in");
    for (RankEstimate rank : memory.ranks()) {
      long reserved = expected.reservedBytes(rank);
      long device = reserved + rank.outside().bytes();
      boolean fits =
          gpu.map(card -> expected.neededBytes(rank, reserved) <= card.allocatableBytes())
              .orElse(true);
      grid.row(
          new Cell(rank.name(), expected.isOf(rank) ? Style.BOLD : Style.PLAIN),
          Cell.plain(Integer.toString(rank.count())),
          Cell.plain(Gib.text(rank.allocatedBytes())),
          Cell.plain(Gib.text(reserved)),
          new Cell(Gib.text(device), fits ? Style.PLAIN : Style.BAD),
          Cell.plain(Gib.text(rank.hostBytes())),
          Cell.dim(rank.peakPhase().label()));
    }
    return grid.lines();
  }
}
