package dev.vramcast.validation;

import dev.vramcast.core.job.objective.Stage;
import dev.vramcast.core.range.Era;
import dev.vramcast.core.range.Figure;
import dev.vramcast.core.range.JobKind;
import dev.vramcast.core.range.ModelKind;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.core.range.RangeTable;
import dev.vramcast.core.range.RunError;
import dev.vramcast.core.range.Spread;
import dev.vramcast.core.time.SpeedRange;
import dev.vramcast.validation.RangeCheck.Use;
import dev.vramcast.validation.cases.SpeedScope;
import dev.vramcast.validation.cases.Status;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** A report with one case of each sort. */
public final class SampleReport {

  /** Cases with a measured peak. */
  public static final int RUNS = 4;

  /** Methods of these. */
  public static final int METHODS = 2;

  private static final long GIB = 1L << 30;

  private static final JobKind KIND =
      new JobKind("peft", ModelKind.DENSE, Spread.ONE_GPU, Stage.SFT, Optional.of(Era.SINCE_5));

  /** Of a run whose experts stand on several GPUs. */
  static final RunError ROUTED =
      new RunError(
          Figure.DEVICE,
          new JobKind("peft", ModelKind.MOE, Spread.EXPERT_PARALLEL, Stage.SFT, Optional.empty()),
          "lab/runs",
          1.3,
          false,
          1);

  private SampleReport() {}

  /** No cases at all. */
  public static Report empty() {
    return Report.of(List.of());
  }

  /** A few cases. */
  public static Report some() {
    return Report.of(
        List.of(
            exact("exact-1", 10 * GIB, 10 * GIB),
            ran("near-1", 10 * GIB, 8 * GIB, false),
            ran("near-<2>", 5 * GIB / 4, 2 * GIB, false),
            ran("cap-1", 30 * GIB, 20 * GIB, true),
            outOfMemory("oom-1", 30 * GIB, 24 * GIB),
            outOfMemory("oom-2", 20 * GIB, 24 * GIB),
            unsupported("odd|1", "job: no 'batch' | here"),
            unsupported("odd-2", "job: no 'batch' | here")));
  }

  /** Cases of speed: half as fast as estimated, within the range, and not supported. */
  public static Report speeds() {
    return Report.of(
        List.of(
            ofSpeed("fast-1", 2000),
            ofSpeed("near-1", 1100),
            CaseResult.unsupported(
                Cases.throughput("odd-1"),
                labels("full", "near", "unstated"),
                "job: no hardware.gpu, so no speed")));
  }

  private static CaseResult ofSpeed(String id, double estimated) {
    SpeedRange range = new SpeedRange(0.8 * estimated, 1.25 * estimated, "tuned stacks", 40);
    return CaseResult.ofSpeed(
        Cases.throughput(id),
        labels("full", "near", "unstated"),
        new SpeedCheck(SpeedScope.TOTAL, estimated, 1000, range));
  }

  /** From half to one and a half of the estimate. */
  public static RangeTable ranges() {
    return new RangeTable(
        List.of(
            new RunError(Figure.DEVICE, KIND, "others", 0.5, false, 20),
            new RunError(Figure.DEVICE, KIND, "others", 1.5, false, 20)),
        1e-9);
  }

  private static CaseResult exact(String id, long estimated, long measured) {
    return new CaseResult.Builder(id, labels("qlora", "exact", "allocated"), Status.OK)
        .bytes(OptionalLong.of(estimated), OptionalLong.of(measured))
        .errors(0, 0)
        .phaseErrors(Map.of(MeasuredPhase.AFTER_LOAD, 0.0, MeasuredPhase.PEAK_STEP, -0.25))
        .parametersRight(Optional.of(true))
        .range(Optional.of(range(Figure.COUNTED, "llama", 1, false, Use.MAKES)))
        .build();
  }

  private static CaseResult ran(String id, long estimated, long measured, boolean cap) {
    double error = (double) estimated / measured - 1;
    return new CaseResult.Builder(id, labels("full", "near", "device"), Status.OK)
        .bytes(OptionalLong.of(estimated), OptionalLong.of(measured))
        .errors(cap ? Math.min(0, error) : error, error)
        .falseFit(error < -0.05)
        .range(
            Optional.of(
                range(
                    Figure.DEVICE,
                    "lab/runs",
                    1 / (1 + error),
                    false,
                    cap ? Use.CAPPED : Use.MAKES)))
        .build();
  }

  /** A run whose experts stand on several GPUs, held against 0.5 to 1.5 times the estimate. */
  static CaseResult routed(String id, double ratio) {
    RangeCheck check = range(Figure.DEVICE, "lab/runs", ratio, false, Use.ROUTED);
    return new CaseResult.Builder(id, labels("full", "near", "device"), Status.OK)
        .errors(1 / ratio - 1, 1 / ratio - 1)
        .range(Optional.of(check))
        .build();
  }

  private static CaseResult outOfMemory(String id, long estimated, long capacity) {
    return new CaseResult.Builder(id, labels("lora", "complete", "device"), Status.OUT_OF_MEMORY)
        .bytes(OptionalLong.of(estimated), OptionalLong.of(capacity))
        .falseFit(estimated <= capacity)
        .range(
            Optional.of(
                range(Figure.DEVICE, "lab/runs", (double) capacity / estimated, true, Use.MAKES)))
        .build();
  }

  private static CaseResult unsupported(String id, String reason) {
    return CaseResult.unsupported(
        Cases.ofJob(id, Map.of()), labels("unknown", "near", "device"), reason);
  }

  private static CaseLabels labels(String method, String quality, String kind) {
    return new CaseLabels(
        "lab/runs",
        quality,
        kind,
        "llama",
        new CaseLabels.Training("sft", method, "none", "peft", OptionalInt.of(1)),
        Optional.of(Spread.ONE_GPU),
        Optional.of(KIND));
  }

  /** Held against 0.5 to 1.5 times the estimate; for exact cases there is no range. */
  private static RangeCheck range(
      Figure figure, String source, double ratio, boolean bound, Use use) {
    Optional<RangeRow> row =
        figure == Figure.COUNTED ? Optional.empty() : ranges().find(figure, KIND);
    return new RangeCheck(new RunError(figure, KIND, source, ratio, bound, 1), use, row, row, 0);
  }
}
