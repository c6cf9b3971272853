package dev.vramcast.validation.report;

import dev.vramcast.core.units.Multiples;
import dev.vramcast.validation.CaseResult;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A logarithmic scale in GiB.
 *
 * @param least at position 0
 * @param most at position {@code length}
 */
record LogScale(double least, double most, double length) {

  private static final double MARGIN = 1.15;

  /** Wide enough for every estimated and measured peak. */
  static LogScale of(List<CaseResult> points, double length) {
    double[] values =
        points.stream()
            .flatMapToLong(
                p ->
                    LongStream.of(
                        p.estimatedBytes().orElseThrow(), p.measuredPeakBytes().orElseThrow()))
            .mapToDouble(Multiples::gib)
            .sorted()
            .toArray();
    return values.length == 0
        ? new LogScale(1, 100, length)
        : new LogScale(values[0] / MARGIN, values[values.length - 1] * MARGIN, length);
  }

  double position(double gib) {
    return length * Math.log(gib / least) / Math.log(most / least);
  }

  /** How far apart two values are, of which one is {@code factor} times the other. */
  double distance(double factor) {
    return length * Math.log(factor) / Math.log(most / least);
  }

  /** 1, 2 and 5 times the powers of ten on the scale. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    for (int power = (int) Math.floor(Math.log10(least)); power <= Math.log10(most); power++) {
      for (int step : new int[] {1, 2, 5}) {
        double tick = Double.parseDouble(step + "e" + power);
        if (tick >= least && tick <= most) {
          ticks.add(tick);
        }
      }
    }
    return ticks;
  }
}
