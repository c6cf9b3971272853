package dev.tunefit.cli.report;

import dev.tunefit.cli.terminal.Cell;
import dev.tunefit.cli.terminal.Grid;
import dev.tunefit.cli.terminal.Grid.Align;
import dev.tunefit.cli.terminal.Style;
import dev.tunefit.cli.terminal.Terminal;
import dev.tunefit.core.hardware.Gpu;
import dev.tunefit.core.memory.MemoryEstimate;
import dev.tunefit.core.memory.RankEstimate;
import java.util.List;
import java.util.Optional;

/** Every kind of rank of a job, one a row. */
final class RanksTable {

  private RanksTable() {}

  /** The rows with a head; reserved bytes are replayed for each kind. */
  static List<String> lines(MemoryEstimate memory, Optional<Gpu> gpu, Terminal terminal) {
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
    RankEstimate worst = memory.worst();
    for (RankEstimate rank : memory.ranks()) {
      long reserved = rank.reservedBytes();
      long device = reserved + rank.contextBytes();
      boolean fits = gpu.map(card -> device <= card.memory().bytes()).orElse(true);
      grid.row(
          new Cell(rank.name(), rank == worst ? Style.BOLD : Style.PLAIN),
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
