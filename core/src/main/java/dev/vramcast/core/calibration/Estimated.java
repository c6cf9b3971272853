package dev.vramcast.core.calibration;

import dev.vramcast.core.run.RankEstimate;
import dev.vramcast.core.trace.Category;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What is estimated of the run's job, for the rank that needs most.
 *
 * @param afterLoadBytes weights and adapters
 * @param readBytes of the reserved ones, those that readings of the driver show
 * @param outsideBytes the CUDA context and NCCL's buffers
 * @param tokensPerSecond of all GPUs; empty when no GPU is named or its rates are not known
 * @param peak bytes at the peak by component
 */
public record Estimated(
    long afterLoadBytes,
    long allocatedBytes,
    long reservedBytes,
    long readBytes,
    long outsideBytes,
    OptionalDouble tokensPerSecond,
    Map<Component, Long> peak) {

  public Estimated {
    peak = Map.copyOf(peak);
  }

  /**
   * From an estimate.
   *
   * @param reservedBytes what {@link RankEstimate#reservedBytes()} says of the rank
   */
  public static Estimated of(RankEstimate rank, long reservedBytes, OptionalDouble speed) {
    Map<Component, Long> peak = new EnumMap<>(Component.class);
    rank.breakdown()
        .forEach((category, bytes) -> peak.merge(Component.of(category), bytes, Long::sum));
    long loaded =
        rank.breakdown().getOrDefault(Category.WEIGHTS, 0L)
            + rank.breakdown().getOrDefault(Category.ADAPTERS, 0L);
    return new Estimated(
        loaded,
        rank.allocatedBytes(),
        reservedBytes,
        rank.readBytes(),
        rank.outside().bytes(),
        speed,
        peak);
  }

  /** What readings of the driver show. */
  public long deviceBytes() {
    return readBytes + outsideBytes;
  }

  /** What readings show beside what is reserved; negative where much of that is given back. */
  long besideReservedBytes() {
    return deviceBytes() - reservedBytes;
  }

  /** The estimate of a figure. */
  public long bytes(RunFigure figure) {
    return switch (figure) {
      case AFTER_LOAD -> afterLoadBytes;
      case ALLOCATED -> allocatedBytes;
      case RESERVED -> reservedBytes;
      case DEVICE -> deviceBytes();
    };
  }
}
