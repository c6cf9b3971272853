package dev.vramcast.answers.guide;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.catalog.price.PriceLists;
import java.util.ArrayList;
import java.util.List;

/** The guide's GPUs beside those of its rule and of the trace, for people. */
final class GpuSection {

  /** What the choices rest on. */
  static final String SETTINGS =
      "prices on demand of "
          + PriceLists.GUIDE
          + ", one card's times their count; rule: inferred from these rows;"
          + " estimate: the jobs above,"
          + " on several cards divided by FSDP2, with a micro-batch on each; they fit where the"
          + " whole range of what a card needs is below its memory";

  private static final String INDENT = "      ";
  private static final int CENTS = 2;

  private GpuSection() {}

  static List<String> lines(List<GpuEntry> entries, Terminal terminal) {
    List<String> lines = new ArrayList<>();
    lines.add(
        terminal.styled(
            Style.BOLD, "Which GPUs, and $/h: the guide's, its rule's, the estimates'"));
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
    grid.row(Style.DIM, "class", "method", "guide", "$/h", "rule", "$/h", "estimate", "$/h");
    for (GpuEntry entry : entries) {
      GuideRow row = entry.row();
      grid.row(
          Cell.plain(row.sizeClass().label()),
          Cell.plain(row.method().label()),
          Cell.plain(row.choice().text()),
          Cell.plain(row.price().text(CENTS)),
          Cell.plain(entry.rule().text()),
          Cell.plain(entry.rule().price().text(CENTS)),
          Cell.bold(entry.trace().map(trace -> trace.choice().text()).orElse("-")),
          Cell.plain(entry.trace().map(trace -> trace.choice().price().text(CENTS)).orElse("-")));
    }
    return grid.lines();
  }
}
