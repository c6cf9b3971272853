package dev.vramcast.cli.chart;

import dev.vramcast.validation.svg.Svg;
import java.util.stream.Stream;

/** The dashed line of a card's memory. */
final class CardLine {

  private CardLine() {}

  /**
   * Draws it.
   *
   * @param others further attributes, names and values in turn
   */
  static void draw(Svg svg, double x1, double y1, double x2, double y2, Object... others) {
    Object[] ends = {"x1", x1, "y1", y1, "x2", x2, "y2", y2};
    Object[] look = {"stroke", Palette.CARD, "stroke-width", 2, "stroke-dasharray", "6 3"};
    svg.element("line", Stream.of(others, ends, look).flatMap(Stream::of).toArray());
  }
}
