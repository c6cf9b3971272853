package dev.vramcast.validation;

import dev.vramcast.validation.cases.Case;
import dev.vramcast.validation.cases.Status;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A case and how far the estimate is from it. Errors are estimate / measured - 1, of bytes, or of
 * tokens a second where speed was measured.
 *
 * @param estimatedBytes empty when the job is not supported
 * @param error empty when there is none: not supported, or out of memory. Where the measured length
 *     is a cap, an estimate above the measurement counts as 0.
 * @param rawError as {@code error}, with the cap left out of account
 * @param falseFit the estimate would have sent someone into an out-of-memory error
 * @param phaseErrors of exact cases
 * @param parametersRight whether the counts of parameters are met; empty when none are stated
 * @param range what the case says about the range of its estimate; empty when not supported
 * @param measuredTokensPerSecond of cases of speed alone
 * @param speed what such a case says about the estimate; empty when not supported
 * @param reason why the job is not supported
 */
public record CaseResult(
    String id,
    CaseLabels labels,
    Status status,
    OptionalLong estimatedBytes,
    OptionalLong measuredPeakBytes,
    OptionalDouble error,
    OptionalDouble rawError,
    boolean falseFit,
    Map<MeasuredPhase, Double> phaseErrors,
    Optional<Boolean> parametersRight,
    Optional<RangeCheck> range,
    OptionalDouble measuredTokensPerSecond,
    Optional<SpeedCheck> speed,
    Optional<String> reason) {

  public CaseResult {
    phaseErrors = Map.copyOf(phaseErrors);
  }

  static CaseResult unsupported(Case c, CaseLabels labels, String reason) {
    return new CaseResult(
        c.id(),
        labels,
        c.measured().status(),
        OptionalLong.empty(),
        c.measured().peakBytes(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        false,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        measuredSpeed(c),
        Optional.empty(),
        Optional.of(reason));
  }

  /** The result of a case of speed. */
  static CaseResult ofSpeed(Case c, CaseLabels labels, SpeedCheck speed) {
    return new CaseResult(
        c.id(),
        labels,
        c.measured().status(),
        OptionalLong.empty(),
        OptionalLong.empty(),
        OptionalDouble.of(speed.error()),
        OptionalDouble.of(speed.error()),
        false,
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        measuredSpeed(c),
        Optional.of(speed),
        Optional.empty());
  }

  private static OptionalDouble measuredSpeed(Case c) {
    return c.isThroughput() ? c.measured().tokensPerSecond() : OptionalDouble.empty();
  }

  /** Whether speed was measured and not memory. */
  public boolean isThroughput() {
    return measuredTokensPerSecond.isPresent();
  }

  public boolean isSupported() {
    return reason.isEmpty();
  }
}
