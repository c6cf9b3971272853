package dev.vramcast.cli.chart;

import dev.vramcast.answers.memory.EstimateReport;
import dev.vramcast.answers.memory.Timeline;
import dev.vramcast.answers.text.Gib;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.trace.Category;
import dev.vramcast.validation.svg.Svg;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/** Allocated memory through the step, the categories stacked. */
final class TimelinePanel {

  private static final int HEIGHT = 380;
  private static final double LETTER = 6.6;
  private static final int ROWS = 3;
  private static final int ROW_HEIGHT = 17;

  private final Svg svg;
  private final EstimateReport report;
  private final Timeline timeline;
  private final double width;
  private final Scale scale;

  TimelinePanel(Svg svg, EstimateReport report, double width) {
    this.svg = svg;
    this.report = report;
    this.timeline = Timeline.of(report.memory().worst().trace());
    this.width = width;
    this.scale = Scale.upTo(EstimateChart.largest(report), HEIGHT);
  }

  /** Draws the areas with their axes; the upper left corner of the plot is 0, 0. */
  void draw() {
    svg.open("g", "id", "timeline");
    phases();
    axis();
    areas();
    peak();
    report.gpu().ifPresent(this::card);
    svg.element(
        "rect",
        "x",
        0,
        "y",
        0,
        "width",
        width,
        "height",
        HEIGHT,
        "fill",
        "none",
        "stroke",
        Palette.INK);
    svg.close();
  }

  private void phases() {
    double[] ends = new double[ROWS];
    boolean shaded = false;
    for (Timeline.Span span : timeline.phases()) {
      double left = x(span.from());
      double right = x(span.to());
      if (shaded) {
        svg.element(
            "rect",
            "x",
            left,
            "y",
            0,
            "width",
            right - left,
            "height",
            HEIGHT,
            "fill",
            Palette.BAND);
      }
      shaded = !shaded;
      phaseLabel(span.phase().label(), (left + right) / 2, ends);
    }
  }

  /** Labels of narrow phases would overlap in one row. */
  private void phaseLabel(String text, double middle, double[] ends) {
    double half = text.length() * LETTER / 2;
    double at = Math.min(Math.max(middle, half), width - half);
    int row = 0;
    while (row < ROWS - 1 && ends[row] > at - half) {
      row++;
    }
    ends[row] = at + half + LETTER;
    double y = -8 - row * ROW_HEIGHT;
    svg.element("line", "x1", middle, "y1", 0, "x2", middle, "y2", y + 3, "stroke", Palette.FAINT);
    svg.text(at, y, text, "font-size", 12, "fill", Palette.INK, "text-anchor", "middle");
  }

  private void axis() {
    for (double tick : scale.ticks()) {
      double y = HEIGHT - scale.atGib(tick);
      svg.element("line", "x1", 0, "y1", y, "x2", width, "y2", y, "stroke", Palette.FAINT);
      svg.text(
          -8, y + 4, Scale.label(tick), "font-size", 12, "fill", Palette.INK, "text-anchor", "end");
    }
    svg.text(
        0,
        0,
        "allocated, GiB",
        "font-size",
        13,
        "fill",
        Palette.INK,
        "text-anchor",
        "middle",
        "transform",
        "translate(-46 " + HEIGHT / 2 + ") rotate(-90)");
    svg.text(
        width / 2,
        HEIGHT + 24,
        "the step, in the order of its allocations; short phases are drawn wider",
        "font-size",
        13,
        "fill",
        Palette.INK,
        "text-anchor",
        "middle");
  }

  private void areas() {
    List<Timeline.Point> points = timeline.points();
    long[] lower = new long[points.size()];
    for (Category category : Category.values()) {
      long[] upper = lower.clone();
      boolean empty = true;
      for (int i = 0; i < upper.length; i++) {
        long bytes = points.get(i).bytes()[category.ordinal()];
        upper[i] += bytes;
        empty &= bytes == 0;
      }
      if (!empty) {
        svg.titled(
            category.label(),
            "path",
            "class",
            "area",
            "fill",
            Palette.of(category),
            "d",
            area(lower, upper));
      }
      lower = upper;
    }
  }

  private String area(long[] lower, long[] upper) {
    int last = upper.length - 1;
    StringBuilder path = new StringBuilder("M0 ").append(y(upper[0]));
    for (int i = 1; i <= last; i++) {
      path.append('H').append(rounded(x(i))).append('V').append(y(upper[i]));
    }
    path.append('H').append(rounded(width)).append('V').append(y(lower[last]));
    for (int i = last; i > 0; i--) {
      path.append('H').append(rounded(x(i))).append('V').append(y(lower[i - 1]));
    }
    return path.append("H0Z").toString();
  }

  private void peak() {
    List<Timeline.Point> points = timeline.points();
    int highest = 0;
    for (int i = 1; i < points.size(); i++) {
      highest = points.get(i).total() > points.get(highest).total() ? i : highest;
    }
    long bytes = points.get(highest).total();
    double x = x(highest) + x(1) / 2;
    double y = HEIGHT - scale.at(bytes);
    svg.element(
        "circle",
        "cx",
        x,
        "cy",
        y,
        "r",
        4,
        "fill",
        "#ffffff",
        "stroke",
        Palette.INK,
        "stroke-width",
        2);
    boolean right = x > width * 0.75;
    svg.text(
        right ? x - 8 : x + 8,
        y - 6,
        "peak " + Gib.text(bytes),
        "font-size",
        13,
        "font-weight",
        "bold",
        "fill",
        Palette.INK,
        "text-anchor",
        right ? "end" : "start");
  }

  private void card(Gpu gpu) {
    double y = HEIGHT - scale.at(gpu.allocatableBytes());
    CardLine.draw(svg, 0, y, width, y, "id", "card");
    svg.text(
        6,
        y - 6,
        gpu.name() + ": " + Gib.card(gpu.allocatableBytes()),
        "font-size",
        13,
        "fill",
        Palette.CARD);
  }

  private double x(int point) {
    return width * point / timeline.points().size();
  }

  private String y(long bytes) {
    return rounded(HEIGHT - scale.at(bytes));
  }

  private static String rounded(double value) {
    return BigDecimal.valueOf(value)
        .setScale(1, RoundingMode.HALF_UP)
        .stripTrailingZeros()
        .toPlainString();
  }
}
