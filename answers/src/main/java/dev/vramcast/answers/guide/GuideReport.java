package dev.vramcast.answers.guide;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.rule.RuleOfThumb;
import java.util.ArrayList;
import java.util.List;

/** The guide's table with its own rule of thumb and the trace's answers. */
public final class GuideReport implements Answer {

  private static final String WHY_INDENT = "      ";

  private final List<GuideEntry> entries;
  private final List<GpuEntry> gpus;

  private GuideReport(List<GuideEntry> entries) {
    this.entries = entries;
    this.gpus =
        entries.parallelStream().map(entry -> GpuEntry.of(entry.row(), entry.rule())).toList();
  }

  /** Computes every row. */
  public static GuideReport create() {
    return new GuideReport(GuideEntry.all());
  }

  @Override
  public List<String> lines(Terminal terminal) {
    List<String> lines = new ArrayList<>();
    lines.add(terminal.styled(Style.BOLD, "The guide's rows by its own rule, in GB (10^9 bytes)"));
    lines.addAll(ruleTable(terminal));
    lines.add("");
    lines.add(
        terminal.styled(
            Style.BOLD, "The same by this estimate: GB = 10^9 bytes, GiB = 2^30 bytes"));
    Wrap.lines(GuideModel.SETTINGS, terminal.width() - 2).forEach(line -> lines.add("  " + line));
    lines.addAll(estimateTable(terminal));
    lines.add("");
    lines.addAll(GpuSection.lines(gpus, terminal));
    lines.add("");
    lines.addAll(CostExamples.lines(ExampleCost.all(), terminal));
    return lines;
  }

  @Override
  public Record record() {
    return GuideRecord.of(entries, gpus, ExampleCost.all());
  }

  private List<String> ruleTable(Terminal terminal) {
    Align r = Align.RIGHT;
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT, r, r, r, r, r, r, r, r);
    grid.row(
        Style.DIM,
        "class",
        "method",
        "weights",
        "adapters",
        "gradients",
        "optimizer",
        "activations",
        "total",
        "printed",
        "off by");
    for (GuideEntry entry : entries) {
      RuleOfThumb rule = entry.rule();
      grid.row(
          Cell.plain(entry.row().sizeClass().label()),
          Cell.plain(entry.row().method().label()),
          Cell.plain(Gib.gigabytes(rule.weightBytes())),
          Cell.plain(Gib.gigabytes(rule.adapterBytes())),
          Cell.plain(Gib.gigabytes(rule.gradientBytes())),
          Cell.plain(Gib.gigabytes(rule.optimizerBytes())),
          Cell.plain(Gib.gigabytes(rule.activationBytes())),
          Cell.bold(Gib.gigabytes(rule.totalBytes())),
          Cell.plain(Gib.rounded(entry.row().totalGigabytes(), 0)),
          Cell.dim(Gib.rounded(entry.difference(), 1)));
    }
    return grid.lines();
  }

  private List<String> estimateTable(Terminal terminal) {
    Align r = Align.RIGHT;
    Grid grid = new Grid(terminal, Align.LEFT, Align.LEFT, Align.LEFT, r, r, r);
    grid.row(Style.DIM, "class", "method", "model", "guide", "estimate", "estimate");
    for (GuideEntry entry : entries) {
      grid.row(
          Cell.plain(entry.row().sizeClass().label()),
          Cell.plain(entry.row().method().label()),
          Cell.plain(entry.model()),
          Cell.plain(Gib.rounded(entry.row().totalGigabytes(), 0) + " GB"),
          Cell.bold(trace(entry, bytes -> Gib.gigabytes(bytes) + " GB")),
          Cell.plain(trace(entry, Gib::text)));
    }
    List<String> lines = new ArrayList<>();
    List<String> rows = grid.lines();
    lines.add(rows.get(0));
    for (int i = 0; i < entries.size(); i++) {
      lines.add(rows.get(i + 1));
      for (String why : Wrap.lines(entries.get(i).why(), terminal.width() - WHY_INDENT.length())) {
        lines.add(WHY_INDENT + terminal.styled(Style.DIM, why));
      }
    }
    return lines;
  }

  private static String trace(GuideEntry entry, java.util.function.LongFunction<String> text) {
    return entry.trace().map(memory -> text.apply(memory.allocatedBytes())).orElse("-");
  }
}
