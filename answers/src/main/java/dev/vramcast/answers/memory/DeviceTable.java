package dev.vramcast.answers.memory;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.run.RankEstimate;
import java.util.List;

/** What the bytes on a device are made of, down to those that its driver counts alone. */
public final class DeviceTable {

  private final Grid grid;

  private DeviceTable(Terminal terminal) {
    this.grid = new Grid(terminal, Align.LEFT, Align.RIGHT, Align.LEFT);
  }

  /** The rows, which sum to what is on the device. */
  public static List<String> lines(RankEstimate rank, ExpectedMemory expected, Terminal terminal) {
    long held = expected.device().bytes() - rank.outside().bytes();
    long needed = expected.needed().bytes() - rank.outside().bytes();
    DeviceTable table = new DeviceTable(terminal);
    table.row("tensors at the peak", rank.allocatedBytes(), "what is allocated");
    table.row(
        "fragmentation", needed - rank.allocatedBytes(), "pieces between them that no tensor fits");
    table.row("cached", held - needed, "what the allocator gives back rather than run out");
    table.row("CUDA context", rank.outside().contextBytes(), "with the kernels loaded into it");
    table.row("NCCL", rank.outside().communicatorBytes(), "the buffers of its connections");
    return table.grid.lines();
  }

  private void row(String name, long bytes, String remark) {
    grid.row(Cell.plain(name), Cell.plain(Gib.text(bytes)), Cell.dim(remark));
  }
}
