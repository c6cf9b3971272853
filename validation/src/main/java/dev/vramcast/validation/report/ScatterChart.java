package dev.vramcast.validation.report;

import static dev.vramcast.core.units.Multiples.gib;

import dev.vramcast.core.job.option.Method;
import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.Report;
import dev.vramcast.validation.svg.Svg;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Draws predicted against measured peaks on logarithmic scales, with the diagonal where both are
 * equal and a band of 10 % around it. Runs that ended out of memory have no peak and are left out;
 * those that may have been shorter than the job says are hollow where they lie above.
 */
public final class ScatterChart {

  private static final int SIZE = 640;
  private static final int LEFT = 70;
  private static final int TOP = 50;
  private static final int LEGEND = 160;
  private static final double BAND = 0.1;
  private static final String INK = "#333333";
  private static final String FAINT = "#dddddd";

  /** Okabe and Ito's colours, which the colour-blind can tell apart. */
  private static final List<String> COLOURS =
      List.of(
          "#009E73", "#0072B2", "#E69F00", "#CC79A7", "#56B4E9", "#D55E00", "#000000", "#F0E442");

  private final List<CaseResult> points;
  private final LogScale scale;
  private final Svg svg;

  private ScatterChart(Report report) {
    points = report.results().stream().filter(ScatterChart::hasPoint).toList();
    scale = LogScale.of(points, SIZE);
    svg =
        new Svg(
            LEFT + SIZE + LEGEND,
            TOP + SIZE + 60,
            "Predicted against measured peak memory of " + points.size() + " training runs");
  }

  private static boolean hasPoint(CaseResult result) {
    return result.rawError().isPresent() && !result.isThroughput();
  }

  /** The picture as SVG. */
  public static String of(Report report) {
    ScatterChart chart = new ScatterChart(report);
    chart.draw(report);
    return chart.svg.finish();
  }

  private void draw(Report report) {
    svg.text(LEFT, 24, "Predicted against measured peak", "font-size", 16, "fill", INK);
    String numbers =
        points.isEmpty()
            ? "no case has a measured peak and an estimate"
            : points.size()
                + " runs, median error "
                + Percent.of(report.overall().errors().median())
                + ", 95 % of them within "
                + Percent.of(report.overall().errors().p95());
    svg.text(LEFT, 42, numbers, "font-size", 12, "fill", INK);
    svg.open("g", "transform", "translate(" + LEFT + " " + TOP + ")");
    axes();
    band();
    Map<String, String> colours = colours();
    points.forEach(
        point -> point(point, Objects.requireNonNull(colours.get(point.labels().method()))));
    legend(colours);
    svg.close();
  }

  private void axes() {
    for (double tick : scale.ticks()) {
      double at = scale.position(tick);
      String label = tick >= 1 ? String.valueOf((long) tick) : String.valueOf(tick);
      svg.element("line", "x1", at, "y1", 0, "x2", at, "y2", SIZE, "stroke", FAINT);
      svg.element("line", "x1", 0, "y1", SIZE - at, "x2", SIZE, "y2", SIZE - at, "stroke", FAINT);
      svg.text(at, SIZE + 18, label, "font-size", 11, "fill", INK, "text-anchor", "middle");
      svg.text(-8, SIZE - at + 4, label, "font-size", 11, "fill", INK, "text-anchor", "end");
    }
    svg.element(
        "rect", "width", SIZE, "height", SIZE, "fill", "none", "stroke", INK, "stroke-width", 1);
    svg.text(
        SIZE / 2.0,
        SIZE + 42,
        "measured, GiB",
        "font-size",
        12,
        "fill",
        INK,
        "text-anchor",
        "middle");
    svg.text(
        0,
        0,
        "predicted, GiB",
        "font-size",
        12,
        "fill",
        INK,
        "text-anchor",
        "middle",
        "transform",
        "translate(-48 " + SIZE / 2 + ") rotate(-90)");
  }

  /** The diagonal runs from corner to corner, since both axes have one scale. */
  private void band() {
    double above = scale.distance(1 + BAND);
    double below = scale.distance(1 / (1 - BAND));
    svg.element(
        "polygon",
        "points",
        "0,%s 0,%s %s,0 %s,0 %s,%s %s,%s"
            .formatted(SIZE, SIZE - above, SIZE - above, SIZE, SIZE, below, below, SIZE),
        "fill",
        "#0072B2",
        "fill-opacity",
        "0.08");
    svg.element(
        "line", "x1", 0, "y1", SIZE, "x2", SIZE, "y2", 0, "stroke", INK, "stroke-dasharray", "4 4");
  }

  private void point(CaseResult result, String colour) {
    long measured = result.measuredPeakBytes().orElseThrow();
    long predicted = result.estimatedBytes().orElseThrow();
    String title =
        "%s: %s GiB predicted, %s GiB measured, %s"
            .formatted(
                result.id(),
                Percent.gib(predicted),
                Percent.gib(measured),
                Percent.signed(result.rawError()));
    svg.titled(
        title,
        "circle",
        "cx",
        scale.position(gib(measured)),
        "cy",
        SIZE - scale.position(gib(predicted)),
        "r",
        3.5,
        "fill",
        result.error().equals(result.rawError()) ? colour : "none",
        "fill-opacity",
        "0.6",
        "stroke",
        colour);
  }

  private void legend(Map<String, String> colours) {
    int y = 10;
    for (Map.Entry<String, String> entry : colours.entrySet()) {
      long count = points.stream().filter(p -> p.labels().method().equals(entry.getKey())).count();
      svg.element("circle", "cx", SIZE + 20, "cy", y, "r", 5, "fill", entry.getValue());
      svg.text(SIZE + 32, y + 4, entry.getKey() + " (" + count + ")", "font-size", 12, "fill", INK);
      y += 20;
    }
    note(y + 10, "band: 10 % either way");
    note(y + 26, "hollow: length is a cap,");
    note(y + 40, "so above is no error");
  }

  private void note(int y, String text) {
    svg.text(SIZE + 14, y, text, "font-size", 11, "fill", INK);
  }

  /** A method has its colour whatever others are in the picture. */
  private Map<String, String> colours() {
    Map<String, String> colours = new LinkedHashMap<>();
    for (Method method : Method.values()) {
      if (points.stream().anyMatch(p -> p.labels().method().equals(method.label()))) {
        colours.put(method.label(), COLOURS.get(method.ordinal() % COLOURS.size()));
      }
    }
    return colours;
  }
}
