package dev.vramcast.cli.chart;

import dev.vramcast.answers.plan.PlanReport;
import dev.vramcast.core.plan.PlanLine;
import dev.vramcast.core.plan.search.Ranking;
import dev.vramcast.core.time.Seconds;
import dev.vramcast.validation.svg.Svg;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Draws the offers of a plan by hours and dollars, on logarithmic scales. Of a front, steps show
 * what is worse than it.
 */
public final class PlanChart {

  private static final int LEFT = 80;
  private static final int TOP = 80;
  private static final int WIDTH = 560;
  private static final int HEIGHT = 440;
  private static final int LEGEND = 400;
  private static final int LEGEND_ROW = 38;
  private static final int BELOW = 60;
  private static final int RADIUS = 5;
  private static final double HOUR = 3600;
  private static final String POINT = "#0072B2";

  private final PlanReport report;
  private final List<PlanLine> lines;
  private final LogAxis hours;
  private final LogAxis dollars;
  private final Svg svg;

  private PlanChart(PlanReport report) {
    this.report = report;
    this.lines = report.plan().lines();
    this.hours = LogAxis.around(lines.stream().map(PlanChart::hours).toList(), WIDTH);
    this.dollars = LogAxis.around(lines.stream().map(PlanChart::dollars).toList(), HEIGHT);
    int plot = TOP + HEIGHT + BELOW;
    int legend = TOP + LEGEND_ROW * lines.size();
    this.svg = new Svg(LEFT + WIDTH + LEGEND, Math.max(plot, legend), description());
  }

  /** The picture of a plan that found something, as SVG. */
  public static String svg(PlanReport report) {
    PlanChart chart = new PlanChart(report);
    chart.draw();
    return chart.svg.finish();
  }

  private static double hours(PlanLine line) {
    return Seconds.of(line.billed()) / HOUR;
  }

  private static double dollars(PlanLine line) {
    return line.cost().amount().doubleValue();
  }

  /** The picture in words, for those who cannot see it. */
  private String description() {
    return lines.stream()
        .map(line -> name(line) + ", " + figures(line))
        .collect(Collectors.joining("; ", "Cost and time of " + report.model() + ": ", "."));
  }

  private static String name(PlanLine line) {
    return line.offer().count() + " × " + line.offer().gpu().name();
  }

  private static String figures(PlanLine line) {
    return "$"
        + line.cost().text(2)
        + " and "
        + Scale.label(Math.round(100 * hours(line)) / 100.0)
        + " h at "
        + line.offer().provider();
  }

  private void draw() {
    text(LEFT, 32, report.model() + ", cost and time of a run", "start", 20);
    text(
        LEFT,
        56,
        report.purchase().label()
            + " prices, "
            + report.prices().age(lines.stream().map(PlanLine::offer).toList()).text()
            + " old",
        "start",
        14);
    svg.open("g", "id", "plan", "transform", "translate(" + LEFT + " " + TOP + ")");
    axes();
    if (report.ranking() == Ranking.BOTH) {
      steps();
    }
    for (int i = 0; i < lines.size(); i++) {
      point(lines.get(i), i);
    }
    svg.close();
  }

  private void axes() {
    for (double tick : hours.ticks()) {
      double x = hours.at(tick);
      svg.element("line", "x1", x, "y1", 0, "x2", x, "y2", HEIGHT, "stroke", Palette.FAINT);
      text(x, HEIGHT + 18, Scale.label(tick), "middle", 12);
    }
    for (double tick : dollars.ticks()) {
      double y = HEIGHT - dollars.at(tick);
      svg.element("line", "x1", 0, "y1", y, "x2", WIDTH, "y2", y, "stroke", Palette.FAINT);
      text(-8, y + 4, Scale.label(tick), "end", 12);
    }
    Object[] frame = {"width", WIDTH, "height", HEIGHT, "fill", "none", "stroke", Palette.INK};
    svg.element("rect", frame);
    text(WIDTH / 2.0, HEIGHT + 42, "hours", "middle", 13);
    text(-8, -10, "US dollars", "end", 13);
  }

  /** From each point of the front straight to the next: what lies above is worse. */
  private void steps() {
    StringBuilder path = new StringBuilder();
    double before = 0;
    for (PlanLine line : lines) {
      double x = hours.at(hours(line));
      double y = HEIGHT - dollars.at(dollars(line));
      path.append(path.isEmpty() ? "M" : "L" + x + " " + before + " L").append(x + " " + y + " ");
      before = y;
    }
    svg.element(
        "path",
        "id",
        "front",
        "d",
        path.toString().strip(),
        "fill",
        "none",
        "stroke",
        Palette.INK,
        "stroke-dasharray",
        "6 3");
  }

  private void point(PlanLine line, int index) {
    double x = hours.at(hours(line));
    double y = HEIGHT - dollars.at(dollars(line));
    String words = name(line) + ": " + figures(line);
    svg.titled(words, "circle", "class", "offer", "cx", x, "cy", y, "r", RADIUS, "fill", POINT);
    text(x + RADIUS + 3, y - RADIUS, Integer.toString(index + 1), "start", 12);
    int row = LEGEND_ROW * index;
    text(WIDTH + 24, row + 12, index + 1 + ": " + name(line), "start", 13);
    text(WIDTH + 24, row + 28, figures(line), "start", 12);
  }

  private void text(double x, double y, String text, String anchor, int size) {
    svg.text(x, y, text, "font-size", size, "fill", Palette.INK, "text-anchor", anchor);
  }
}
