package dev.vramcast.cli.chart;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.validation.svg.Svg;

/** What is alive at the peak, as one bar against the card. */
final class BreakdownPanel {

  private static final int BAR_HEIGHT = 44;

  private final Svg svg;
  private final EstimateReport report;
  private final Scale scale;

  BreakdownPanel(Svg svg, EstimateReport report, double width) {
    this.svg = svg;
    this.report = report;
    this.scale = Scale.upTo(EstimateChart.largest(report), width);
  }

  /** Draws the bar with its axis; the upper left corner is 0, 0. */
  void draw() {
    svg.open("g", "id", "breakdown");
    for (double tick : scale.ticks()) {
      double x = scale.atGib(tick);
      svg.element("line", "x1", x, "y1", 0, "x2", x, "y2", BAR_HEIGHT + 6, "stroke", Palette.FAINT);
      svg.text(
          x,
          BAR_HEIGHT + 22,
          Scale.label(tick),
          "font-size",
          12,
          "fill",
          Palette.INK,
          "text-anchor",
          "middle");
    }
    svg.text(
        scale.pixels() / 2,
        BAR_HEIGHT + 42,
        "GiB alive at the peak",
        "font-size",
        13,
        "fill",
        Palette.INK,
        "text-anchor",
        "middle");
    bar();
    report.gpu().ifPresent(this::card);
    svg.close();
  }

  private void bar() {
    RankEstimate memory = report.memory().worst();
    double x = 0;
    for (Category category : Category.values()) {
      long bytes = memory.breakdown().getOrDefault(category, 0L);
      if (bytes > 0) {
        double width = scale.at(bytes);
        svg.titled(
            category.label() + ": " + Gib.text(bytes),
            "rect",
            "class",
            "part",
            "x",
            x,
            "y",
            0,
            "width",
            width,
            "height",
            BAR_HEIGHT,
            "fill",
            Palette.of(category));
        x += width;
      }
    }
  }

  private void card(Gpu gpu) {
    double x = scale.at(gpu.allocatableBytes());
    CardLine.draw(svg, x, -8, x, BAR_HEIGHT + 6);
    svg.text(x, -12, gpu.name(), "font-size", 12, "fill", Palette.CARD, "text-anchor", "middle");
  }
}
