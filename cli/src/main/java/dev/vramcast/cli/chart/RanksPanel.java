package dev.vramcast.cli.chart;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import dev.vramcast.validation.svg.Svg;
import java.util.List;

/** What is alive at the peak of each kind of rank, as bars side by side against the card. */
final class RanksPanel {

  /** Height of the panel with its names and title. */
  static final int HEIGHT = 320;

  private static final int PLOT_HEIGHT = 220;
  private static final int WIDEST_BAR = 90;
  private static final double FILLED = 0.7;

  private final Svg svg;
  private final EstimateReport report;
  private final List<RankEstimate> ranks;
  private final double width;
  private final Scale scale;

  RanksPanel(Svg svg, EstimateReport report, double width) {
    this.svg = svg;
    this.report = report;
    this.ranks = report.memory().ranks();
    this.width = width;
    this.scale = Scale.upTo(EstimateChart.largest(report), PLOT_HEIGHT);
  }

  /** Whether there is more than one kind of rank to draw. */
  static boolean isNeeded(EstimateReport report) {
    return report.memory().ranks().size() > 1;
  }

  /** Draws the bars with their axis; the upper left corner of the plot is 0, 0. */
  void draw() {
    svg.open("g", "id", "ranks");
    text(0, -14, "Peak of each kind of rank, GiB", "start", 13);
    for (double tick : scale.ticks()) {
      double y = PLOT_HEIGHT - scale.atGib(tick);
      svg.element("line", "x1", 0, "y1", y, "x2", width, "y2", y, "stroke", Palette.FAINT);
      text(-8, y + 4, Scale.label(tick), "end", 12);
    }
    double slot = width / ranks.size();
    for (int i = 0; i < ranks.size(); i++) {
      bar(ranks.get(i), slot * i, slot);
    }
    report.gpu().ifPresent(this::card);
    svg.close();
  }

  private void bar(RankEstimate rank, double left, double slot) {
    double wide = Math.min(WIDEST_BAR, slot * FILLED);
    double x = left + (slot - wide) / 2;
    double y = PLOT_HEIGHT;
    for (Category category : Category.values()) {
      long bytes = rank.breakdown().getOrDefault(category, 0L);
      if (bytes > 0) {
        double height = scale.at(bytes);
        y -= height;
        svg.titled(
            rank.name() + ", " + category.label() + ": " + Gib.text(bytes),
            "rect",
            "class",
            "rank-part",
            "x",
            x,
            "y",
            y,
            "width",
            wide,
            "height",
            height,
            "fill",
            Palette.of(category));
      }
    }
    double middle = left + slot / 2;
    text(middle, y - 5, Gib.rounded(Gib.of(rank.allocatedBytes()), 1), "middle", 12);
    names(rank, middle);
  }

  /** The name in short lines, which neighbours do not reach. */
  private void names(RankEstimate rank, double middle) {
    String[] words = rank.name().split(" ");
    int inLine = width / ranks.size() > WIDEST_BAR ? 3 : 2;
    int y = PLOT_HEIGHT + 18;
    for (int i = 0; i < words.length; i += inLine) {
      String line = String.join(" ", List.of(words).subList(i, Math.min(words.length, i + inLine)));
      text(middle, y, line, "middle", 11);
      y += 14;
    }
    text(middle, y, rank.count() == 1 ? "1 GPU" : rank.count() + " GPUs", "middle", 11);
  }

  private void card(Gpu gpu) {
    double y = PLOT_HEIGHT - scale.at(gpu.allocatableBytes());
    CardLine.draw(svg, 0, y, width, y);
  }

  private void text(double x, double y, String content, String anchor, int size) {
    svg.text(x, y, content, "font-size", size, "fill", Palette.INK, "text-anchor", anchor);
  }
}
