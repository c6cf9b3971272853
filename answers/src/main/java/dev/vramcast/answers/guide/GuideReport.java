package dev.vramcast.answers.guide;

import dev.vramcast.answers.terminal.Cell;
import dev.vramcast.answers.terminal.Grid;
import dev.vramcast.answers.terminal.Grid.Align;
import dev.vramcast.answers.terminal.Style;
import dev.vramcast.answers.terminal.Terminal;
import dev.vramcast.answers.terminal.Wrap;
import dev.vramcast.answers.text.Answer;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.catalog.price.PriceLists;
import dev.vramcast.core.rule.RuleOfThumb;
import dev.vramcast.core.run.RankEstimate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The guide's table with its own rule of thumb and the trace's answers. */
public final class GuideReport implements Answer {

  private static final double GIGABYTE = 1e9;
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

  /** Bytes are whole numbers, what the guide printed is in GB. */
  @Override
  public Map<String, Object> json(String version) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("vramcast_version", version);
    json.put("kind", "guide");
    json.put("settings", GuideModel.SETTINGS);
    json.put("gpu_settings", GpuSection.SETTINGS);
    json.put("price_list", PriceLists.GUIDE);
    List<Map<String, Object>> rows = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      Map<String, Object> row = row(entries.get(i));
      row.put("gpus", GpuJson.of(gpus.get(i)));
      rows.add(row);
    }
    json.put("rows", rows);
    json.put("cost_examples", CostExamples.json(ExampleCost.all()));
    return json;
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

  private static Map<String, Object> row(GuideEntry entry) {
    RuleOfThumb rule = entry.rule();
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("size_class", entry.row().sizeClass().label());
    json.put("method", entry.row().method().label());
    json.put("printed_total_gb", entry.row().totalGigabytes());
    json.put("rule", rule(rule));
    json.put("difference_gb", Math.round(entry.difference() * GIGABYTE) / GIGABYTE);
    json.put("model", entry.model());
    json.put("estimated_bytes", entry.trace().map(RankEstimate::allocatedBytes).orElse(null));
    json.put("why", entry.why());
    return json;
  }

  private static Map<String, Object> rule(RuleOfThumb rule) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("weight_bytes", rule.weightBytes());
    json.put("adapter_bytes", rule.adapterBytes());
    json.put("gradient_bytes", rule.gradientBytes());
    json.put("optimizer_bytes", rule.optimizerBytes());
    json.put("activation_bytes", rule.activationBytes());
    json.put("total_bytes", rule.totalBytes());
    return json;
  }
}
