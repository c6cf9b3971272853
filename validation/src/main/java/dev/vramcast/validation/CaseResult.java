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
    return new Builder(c.id(), labels, c.measured().status())
        .bytes(OptionalLong.empty(), c.measured().peakBytes())
        .measuredTokensPerSecond(measuredSpeed(c))
        .reason(reason)
        .build();
  }

  /** The result of a case of speed; one whose length is only a cap has no error. */
  static CaseResult ofSpeed(Case c, CaseLabels labels, SpeedCheck speed) {
    Builder result =
        new Builder(c.id(), labels, c.measured().status())
            .measuredTokensPerSecond(measuredSpeed(c))
            .speed(speed);
    return c.lengthIsCap() ? result.build() : result.errors(speed.error(), speed.error()).build();
  }

  /** Whether it is a speed that says nothing, since the length is only a cap. */
  public boolean isSpeedOfCap() {
    return speed.isPresent() && error.isEmpty();
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

  /** Puts a result together; what is not set is empty. */
  static final class Builder {

    private final String id;
    private final CaseLabels labels;
    private final Status status;
    private OptionalLong estimatedBytes = OptionalLong.empty();
    private OptionalLong measuredPeakBytes = OptionalLong.empty();
    private OptionalDouble error = OptionalDouble.empty();
    private OptionalDouble rawError = OptionalDouble.empty();
    private boolean falseFit;
    private Map<MeasuredPhase, Double> phaseErrors = Map.of();
    private Optional<Boolean> parametersRight = Optional.empty();
    private Optional<RangeCheck> range = Optional.empty();
    private OptionalDouble measuredTokensPerSecond = OptionalDouble.empty();
    private Optional<SpeedCheck> speed = Optional.empty();
    private Optional<String> reason = Optional.empty();

    Builder(String id, CaseLabels labels, Status status) {
      this.id = id;
      this.labels = labels;
      this.status = status;
    }

    Builder bytes(OptionalLong estimated, OptionalLong measuredPeak) {
      this.estimatedBytes = estimated;
      this.measuredPeakBytes = measuredPeak;
      return this;
    }

    /** The error, and the same with a cap on the length left out of account. */
    Builder errors(double counted, double raw) {
      this.error = OptionalDouble.of(counted);
      this.rawError = OptionalDouble.of(raw);
      return this;
    }

    Builder falseFit(boolean is) {
      this.falseFit = is;
      return this;
    }

    Builder phaseErrors(Map<MeasuredPhase, Double> errors) {
      this.phaseErrors = errors;
      return this;
    }

    Builder parametersRight(Optional<Boolean> are) {
      this.parametersRight = are;
      return this;
    }

    Builder range(Optional<RangeCheck> check) {
      this.range = check;
      return this;
    }

    Builder measuredTokensPerSecond(OptionalDouble measured) {
      this.measuredTokensPerSecond = measured;
      return this;
    }

    Builder speed(SpeedCheck check) {
      this.speed = Optional.of(check);
      return this;
    }

    Builder reason(String why) {
      this.reason = Optional.of(why);
      return this;
    }

    CaseResult build() {
      return new CaseResult(
          id,
          labels,
          status,
          estimatedBytes,
          measuredPeakBytes,
          error,
          rawError,
          falseFit,
          phaseErrors,
          parametersRight,
          range,
          measuredTokensPerSecond,
          speed,
          reason);
    }
  }
}
