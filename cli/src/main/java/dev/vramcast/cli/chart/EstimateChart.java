package dev.vramcast.cli.chart;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.PeakText;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.job.Batch;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.validation.svg.Svg;

/** Draws an estimate: what is alive at the peak, and the whole step, against the card's memory. */
public final class EstimateChart {

  private static final int WIDTH = 1060;
  private static final int HEIGHT = 700;
  private static final int LEFT = 80;
  private static final int PLOT_WIDTH = 740;
  private static final int BREAKDOWN_TOP = 96;
  private static final int TIMELINE_TOP = 270;
  private static final int LEGEND_LEFT = LEFT + PLOT_WIDTH + 24;
  private static final int LEGEND_ROW = 38;

  private EstimateChart() {}

  /** The picture as SVG. */
  public static String svg(EstimateReport report) {
    int height = HEIGHT + (RanksPanel.isNeeded(report) ? RanksPanel.HEIGHT : 0);
    Svg svg = new Svg(WIDTH, height, description(report));
    svg.text(LEFT, 32, title(report), "font-size", 20, "font-weight", "bold", "fill", Palette.INK);
    svg.text(LEFT, 56, subtitle(report), "font-size", 14, "fill", Palette.INK);
    svg.open("g", "transform", "translate(" + LEFT + " " + BREAKDOWN_TOP + ")");
    new BreakdownPanel(svg, report, PLOT_WIDTH).draw();
    svg.close();
    svg.open("g", "transform", "translate(" + LEFT + " " + TIMELINE_TOP + ")");
    new TimelinePanel(svg, report, PLOT_WIDTH).draw();
    svg.close();
    if (RanksPanel.isNeeded(report)) {
      svg.open("g", "transform", "translate(" + LEFT + " " + (HEIGHT + 40) + ")");
      new RanksPanel(svg, report, PLOT_WIDTH).draw();
      svg.close();
    }
    legend(svg, report.memory().worst());
    return svg.finish();
  }

  /** The largest value that both panels must hold. */
  static long largest(EstimateReport report) {
    long card = report.gpu().map(gpu -> gpu.allocatableBytes()).orElse(0L);
    return Math.max(card, report.memory().worst().allocatedBytes());
  }

  private static String title(EstimateReport report) {
    ResolvedJob job = report.resolution().job();
    String name = report.model().id() + " · " + job.method().label();
    return RanksPanel.isNeeded(report) ? name + " · " + report.memory().worst().name() : name;
  }

  private static String subtitle(EstimateReport report) {
    ResolvedJob job = report.resolution().job();
    Batch batch = job.batch();
    return "peak "
        + Gib.text(report.memory().worst().allocatedBytes())
        + " allocated, "
        + PeakText.of(report.memory().worst())
        + "; micro-batch "
        + batch.microBatch()
        + ", sequence "
        + batch.sequenceLength()
        + ", checkpointing "
        + job.checkpointing().label()
        + ", "
        + job.precision().label();
  }

  /** The picture in words, for those who cannot see it. */
  private static String description(EstimateReport report) {
    StringBuilder text = new StringBuilder("Memory of one training step of ");
    text.append(title(report)).append(": ").append(subtitle(report)).append(". At the peak");
    String comma = " ";
    for (Category category : Category.values()) {
      long bytes = report.memory().worst().breakdown().getOrDefault(category, 0L);
      if (bytes > 0) {
        text.append(comma).append(category.label()).append(' ').append(Gib.text(bytes));
        comma = ", ";
      }
    }
    report
        .gpu()
        .ifPresent(
            gpu ->
                text.append("; the card ")
                    .append(gpu.name())
                    .append(" has ")
                    .append(Gib.card(gpu.allocatableBytes())));
    return text.append('.').toString();
  }

  private static void legend(Svg svg, RankEstimate memory) {
    svg.open(
        "g", "id", "legend", "transform", "translate(" + LEGEND_LEFT + " " + TIMELINE_TOP + ")");
    svg.text(0, 0, "At the peak", "font-size", 13, "font-weight", "bold", "fill", Palette.INK);
    int y = 18;
    for (Category category : Category.values()) {
      long bytes = memory.breakdown().getOrDefault(category, 0L);
      double percent = 100.0 * bytes / memory.allocatedBytes();
      String amount =
          bytes == 0 ? "none alive" : Gib.text(bytes) + ", " + Gib.rounded(percent, 1) + " %";
      svg.element("rect", "x", 0, "y", y, "width", 14, "height", 14, "fill", Palette.of(category));
      svg.text(22, y + 12, category.label(), "font-size", 13, "fill", Palette.INK);
      svg.text(22, y + 28, amount, "font-size", 12, "fill", Palette.INK);
      y += LEGEND_ROW;
    }
    svg.close();
  }
}
