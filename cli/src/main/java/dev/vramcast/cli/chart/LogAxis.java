package dev.vramcast.cli.chart;

import java.util.ArrayList;
import java.util.List;

/**
 * A logarithmic axis.
 *
 * @param low at its beginning, above 0
 * @param high at its end
 * @param pixels its length
 */
record LogAxis(double low, double high, double pixels) {

  private static final double ROOM = 1.3;
  private static final double[] STEPS = {1, 2, 5};
  private static final int MOST_TICKS = 10;

  /** An axis with some room around positive values. */
  static LogAxis around(List<Double> values, double pixels) {
    double least = values.stream().mapToDouble(Double::doubleValue).min().orElse(1);
    double most = values.stream().mapToDouble(Double::doubleValue).max().orElse(1);
    return new LogAxis(least / ROOM, most * ROOM, pixels);
  }

  double at(double value) {
    return pixels * Math.log(value / low) / Math.log(high / low);
  }

  /** Round values: 1, 2 and 5 times powers of ten, or the powers alone where those are many. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    List<Double> powers = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(low)); Math.pow(10, power) <= high; power++) {
      for (double step : STEPS) {
        double tick = step * Math.pow(10, power);
        if (tick >= low && tick <= high) {
          ticks.add(tick);
          powers.addAll(step == 1 ? List.of(tick) : List.of());
        }
      }
    }
    return ticks.size() > MOST_TICKS ? powers : ticks;
  }
}
