package dev.vramcast.answers.memory;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.life.Life;
import dev.vramcast.core.life.Life.EpisodeNeed;
import dev.vramcast.core.life.file.SavedFile;
import java.util.List;

/** The episodes of a run, with what each takes of GPU, machine and disk. */
public final class LifeTable {

  private LifeTable() {}

  /** A line for each episode below the heads of the columns; the highest of each are bold. */
  public static List<String> episodes(Life life, Terminal terminal) {
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.RIGHT, Align.RIGHT);
    grid.row(head("Episode"), head("Each GPU"), head("Each machine"), head("Disk"));
    long gpu = life.episodes().stream().mapToLong(EpisodeNeed::gpuBytes).max().orElse(0);
    for (EpisodeNeed each : life.episodes()) {
      grid.row(
          Cell.plain(each.name()),
          cell(each.gpuBytes(), gpu),
          cell(each.hostBytes(), life.hostBytes()),
          cell(each.diskBytes(), life.diskBytes()));
    }
    return grid.lines();
  }

  /** What the disk holds, and the files of a checkpoint. */
  public static List<String> disk(Life life, Terminal terminal) {
    Grid grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT);
    for (Life.DiskShare share : life.disk()) {
      grid.row(Cell.plain(share.what()), Cell.plain(Gib.text(share.bytes())), Cell.plain(""));
    }
    for (SavedFile file : life.checkpoint()) {
      grid.row(
          Cell.dim("  " + file.name()),
          Cell.plain(Gib.text(file.bytes())),
          Cell.dim("of each checkpoint, " + file.holds()));
    }
    return grid.lines();
  }

  private static Cell head(String words) {
    return Cell.dim(words);
  }

  private static Cell cell(long bytes, long highest) {
    return new Cell(Gib.text(bytes), bytes == highest ? Style.BOLD : Style.PLAIN);
  }
}
