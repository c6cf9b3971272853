package dev.vramcast.validation.report;

import dev.vramcast.answers.record.Describes;
import dev.vramcast.answers.record.Inline;
import dev.vramcast.core.range.ByteRange;
import dev.vramcast.core.range.RangeRow;
import dev.vramcast.validation.CaseResult;
import dev.vramcast.validation.MeasuredPhase;
import dev.vramcast.validation.RangeCheck;
import dev.vramcast.validation.SpeedCheck;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** A case held against its estimate, for programs. */
record ResultRecord(@Describes("Name of the case.") String id, Found found) {

  /** What was found. */
  sealed interface Found extends Inline {}

  /** Of a case of memory. */
  record Memory(
      @Describes("Null where the job is not supported.") OptionalLong estimatedBytes,
      @Describes("Null where the run states none.") OptionalLong measuredPeakBytes,
      @Describes("Estimated over measured, less 1; 0 above a cap, null where there is none.")
          OptionalDouble error,
      @Describes("Why the job is not supported; null where it is.") Optional<String> reason,
      @Describes("How the run ended.") String status,
      @Describes("The error with the cap left out of account.") OptionalDouble rawError,
      @Describes("Whether the estimate sends someone into an out-of-memory error.")
          boolean falseFit,
      @Describes("The range of the estimate; null where there is none.") Optional<Range> range,
      @Describes("Errors by phase; null where the case states no phases.")
          Optional<Map<MeasuredPhase, Double>> phases)
      implements Found {}

  /** Of a case of speed. */
  record Speed(
      @Describes("Of all GPUs; null where the job is not supported.")
          Optional<Double> estimatedTokensPerSecond,
      @Describes("Of all GPUs; null where the case states none.")
          OptionalDouble measuredTokensPerSecond,
      @Describes("Estimated over measured, less 1; null where there is none.") OptionalDouble error,
      @Describes("Why the job is not supported; null where it is.") Optional<String> reason,
      @Describes("How the run ended.") String status,
      @Describes("Whether it is of a kind that ranges were made of; null where not supported.")
          Optional<String> scope,
      @Describes("The range of the estimate; null where there is none.") Optional<SpeedRange> range)
      implements Found {}

  /** A range of memory. */
  record Range(
      @Describes("Low end.") long lowBytes,
      @Describes("High end.") long highBytes,
      @Describes("What its runs have in common with the job.") String kind,
      @Describes("The source whose runs are left out of it.") String leftOut,
      @Describes("Runs that it rests on.") int runs,
      @Describes("Sources that those runs are from.") int sources,
      @Describes("Whether the truth is in it.") boolean inside) {

    private static Range of(RangeRow row, RangeCheck check, ByteRange bytes) {
      return new Range(
          bytes.lowBytes(),
          bytes.highBytes(),
          row.words(),
          check.error().source(),
          row.runs(),
          row.sources(),
          check.isInside().orElseThrow());
    }
  }

  /** A range of speed. */
  record SpeedRange(
      @Describes("Low end.") double lowTokensPerSecond,
      @Describes("High end.") double highTokensPerSecond,
      @Describes("What its runs have in common with the job.") String kind,
      @Describes("Whether the truth is in it.") boolean inside) {

    private static SpeedRange of(SpeedCheck speed) {
      return new SpeedRange(
          speed.range().low(), speed.range().high(), speed.range().kind(), speed.isInside());
    }
  }

  static ResultRecord of(CaseResult result) {
    return new ResultRecord(result.id(), result.isThroughput() ? speed(result) : memory(result));
  }

  private static Memory memory(CaseResult result) {
    return new Memory(
        result.estimatedBytes(),
        result.measuredPeakBytes(),
        result.error(),
        result.reason(),
        result.status().label(),
        result.rawError(),
        result.falseFit(),
        result.range().flatMap(check -> range(check, result)),
        result.phaseErrors().isEmpty()
            ? Optional.empty()
            : Optional.of(new EnumMap<>(result.phaseErrors())));
  }

  private static Optional<Range> range(RangeCheck check, CaseResult result) {
    return check
        .row()
        .map(row -> Range.of(row, check, row.range().about(result.estimatedBytes().orElseThrow())));
  }

  private static Speed speed(CaseResult result) {
    Optional<SpeedCheck> speed = result.speed();
    return new Speed(
        speed.map(SpeedCheck::estimated),
        result.measuredTokensPerSecond(),
        result.error(),
        result.reason(),
        result.status().label(),
        speed.map(check -> check.scope().label()),
        speed.map(SpeedRange::of));
  }
}
