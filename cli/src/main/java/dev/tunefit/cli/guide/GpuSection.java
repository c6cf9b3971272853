package dev.tunefit.cli.guide;

import dev.tunefit.cli.terminal.Cell;
import dev.tunefit.cli.terminal.Grid;
import dev.tunefit.cli.terminal.Grid.Align;
import dev.tunefit.cli.terminal.Style;
import dev.tunefit.cli.terminal.Terminal;
import dev.tunefit.cli.terminal.Wrap;
import java.util.ArrayList;
import java.util.List;

/** The guide's GPUs beside those of its rule and of the tape, for people. */
final class GpuSection {

  /** What the choices rest on. */
  static final String SETTINGS =
      "prices on demand of the guide's list, one card's times their count; by the rule: inferred"
          + " from these rows; by the tape: the same jobs, each card a micro-batch of its own and"
          + " FSDP2 over all cards; a job fits when the whole range of what it needs is below the"
          + " card's memory";

  private static final String INDENT = "      ";
  private static final int CENTS = 2;

  private GpuSection() {}

  static List<String> lines(List<GpuEntry> entries, Terminal terminal) {
    List<String> lines = new ArrayList<>();
    lines.add(
        terminal.styled(Style.BOLD, "Which GPUs, and $/h: the guide's, its rule's, the tape's"));
    Wrap.lines(SETTINGS, terminal.width() - 2).forEach(line -> lines.add("  " + line));
    List<String> rows = table(entries, terminal);
    lines.add(rows.get(0));
    for (int i = 0; i < entries.size(); i++) {
      lines.add(rows.get(i + 1));
      for (String remark : entries.get(i).remarks()) {
        for (String part : Wrap.lines(remark, terminal.width() - INDENT.length())) {
          lines.add(INDENT + terminal.styled(Style.DIM, part));
        }
      }
    }
    return lines;
  }

  private static List<String> table(List<GpuEntry> entries, Terminal terminal) {
    Align l = Align.LEFT;
    Align r = Align.RIGHT;
    Grid grid = new Grid(terminal, l, l, l, r, l, r, l, r);
    grid.row(Style.DIM, "class", "method", "guide", "$/h", "rule", "$/h", "tape", "$/h");
    for (GpuEntry entry : entries) {
      GuideRow row = entry.row();
      grid.row(
          Cell.plain(row.sizeClass().label()),
          Cell.plain(row.method().label()),
          Cell.plain(row.choice().text()),
          Cell.plain(row.price().text(CENTS)),
          Cell.plain(entry.rule().text()),
          Cell.plain(entry.rule().price().text(CENTS)),
          Cell.bold(entry.tape().map(tape -> tape.choice().text()).orElse("-")),
          Cell.plain(entry.tape().map(tape -> tape.choice().price().text(CENTS)).orElse("-")));
    }
    return grid.lines();
  }
}
