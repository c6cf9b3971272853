package dev.vramcast.validation.range;

import dev.vramcast.core.range.Code;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.Spread;
import java.util.List;
import java.util.stream.IntStream;

/** Measurements for tests. */
final class Measurements {

  static final JobKind ONE_GPU = new JobKind(Spread.ONE_GPU, Code.TRANSFORMERS);

  private Measurements() {}

  static Measurement of(String source, double ratio) {
    return new Measurement(Figure.HELD, ONE_GPU, source, ratio, false);
  }

  static Measurement bound(String source, double ratio) {
    return new Measurement(Figure.HELD, ONE_GPU, source, ratio, true);
  }

  static Measurement of(Figure figure, JobKind kind, String source, double ratio) {
    return new Measurement(figure, kind, source, ratio, false);
  }

  /** Ratios of 1.01 to 1.00 + count / 100, whose sources take turns. */
  static List<Measurement> rising(int count, int sources) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> of("source " + i % sources, 1 + i / 100.0))
        .toList();
  }
}
