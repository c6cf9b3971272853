package dev.vramcast.validation;

import dev.vramcast.core.time.SpeedRange;
import dev.vramcast.core.time.TimeEstimate;
import dev.vramcast.validation.cases.Measured;
import dev.vramcast.validation.cases.SpeedScope;

/**
 * An estimated speed against a measured one.
 *
 * @param scope of how many GPUs both are
 * @param estimated tokens a second
 * @param measured tokens a second
 * @param range about the estimate, of the same GPUs
 */
public record SpeedCheck(SpeedScope scope, double estimated, double measured, SpeedRange range) {

  static SpeedCheck of(TimeEstimate time, Measured measured) {
    double share = measured.speedScope() == SpeedScope.GPU ? 1.0 / time.throughput().gpus() : 1;
    SpeedRange all = time.throughput().range();
    return new SpeedCheck(
        measured.speedScope(),
        time.tokensPerSecond() * share,
        measured.tokensPerSecond().orElseThrow(),
        new SpeedRange(all.low() * share, all.high() * share, all.kind(), all.runs()));
  }

  /** Estimate / measured - 1. */
  public double error() {
    return estimated / measured - 1;
  }

  /** Whether the measured speed lies in the range. */
  public boolean isInside() {
    return measured >= range.low() && measured <= range.high();
  }
}
