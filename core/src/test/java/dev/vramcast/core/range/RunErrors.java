package dev.vramcast.core.range;

import dev.vramcast.core.job.objective.Stage;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Errors of runs for tests. */
public final class RunErrors {

  public static final JobKind KIND = of("transformers");

  private RunErrors() {}

  /** A dense model on one GPU. */
  static JobKind of(String framework) {
    return new JobKind(
        framework, ModelKind.DENSE, Spread.ONE_GPU, Stage.SFT, Optional.of(Era.SINCE_5));
  }

  static RunError of(JobKind kind, String source, double ratio) {
    return new RunError(Figure.DEVICE, kind, source, ratio, false, 1);
  }

  static RunError outOfMemory(JobKind kind, String source, double ratio) {
    return new RunError(Figure.DEVICE, kind, source, ratio, true, 1);
  }

  /** Ratios of 1.01 to 1.00 + count / 100, whose sources take turns. */
  static List<RunError> rising(JobKind kind, int count, int sources) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> of(kind, "source " + i % sources, 1 + i / 100.0))
        .toList();
  }

  private static RunError twice(double ratio) {
    return new RunError(Figure.DEVICE, KIND, "one", ratio, false, 2);
  }

  /** Ranges from one multiple of an estimate to another, for jobs that say nothing. */
  public static RangeTable between(double low, double high) {
    return new RangeTable(List.of(twice(low), twice(high)), 1e-9);
  }
}
