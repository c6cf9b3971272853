package dev.vramcast.validation.cases;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What was measured.
 *
 * @param peakBytes per GPU; of a run that ended out of memory the capacity that was exceeded
 * @param phases bytes by name of the phase, of exact cases only
 * @param totalParameters elements of the base model, of exact cases only
 * @param trainableParameters elements that are trained, of exact cases only
 */
public record Measured(
    OptionalLong peakBytes,
    MeasuredKind kind,
    Status status,
    Quality quality,
    Map<String, Long> phases,
    OptionalLong totalParameters,
    OptionalLong trainableParameters,
    Speed speed) {

  /**
   * How fast it was.
   *
   * @param tokensPerSecond where speed was measured
   * @param scope of how many GPUs the speed is; of all where the case does not say
   */
  public record Speed(OptionalDouble tokensPerSecond, SpeedScope scope) {

    /** Of a case of memory alone. */
    public static final Speed NONE = new Speed(OptionalDouble.empty(), SpeedScope.TOTAL);
  }

  public Measured {
    phases = Map.copyOf(phases);
  }

  /** Whether a checkpoint was written or read, or adapters merged. */
  public boolean isOfWholeRun() {
    return Stream.of("save", "resume", "merge").anyMatch(phases::containsKey);
  }

  public OptionalDouble tokensPerSecond() {
    return speed.tokensPerSecond();
  }

  public SpeedScope speedScope() {
    return speed.scope();
  }
}
