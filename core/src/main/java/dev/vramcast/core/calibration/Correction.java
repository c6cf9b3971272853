package dev.vramcast.core.calibration;

import dev.vramcast.core.input.InputError;
import dev.vramcast.core.input.InputException;
import dev.vramcast.core.job.ResolvedJob;
import dev.vramcast.core.job.option.Padding;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * By how much an estimate was off on a run, each part for itself: tensors and what the allocator
 * keeps beside them grow with the job, what is outside the allocator does not.
 *
 * @param tensors measured for estimated allocated bytes
 * @param allocator the same of reserved for allocated bytes; 1 where they were not both measured
 * @param outsideBytes measured less estimated bytes outside the allocator; 0 where not measured
 * @param speed measured for estimated tokens a second; empty where not measured
 */
public record Correction(
    double tensors, double allocator, long outsideBytes, OptionalDouble speed) {

  /** Factors outside of these are no error of an estimate: the run was of another job. */
  public static final double LEAST = 0.5;

  public static final double MOST = 2.0;

  /** More than this outside the allocator belongs to other processes. */
  public static final long MOST_OUTSIDE = 2L << 30;

  private static final MathContext DIGITS = new MathContext(6);
  private static final MathContext SHORT = new MathContext(3);

  /** Factors have six digits, so that a file that people edit holds all of them. */
  public Correction {
    tensors = rounded(tensors);
    allocator = rounded(allocator);
    speed = speed.isEmpty() ? speed : OptionalDouble.of(rounded(speed.getAsDouble()));
  }

  /**
   * What a run says about an estimate. Where only a larger figure was measured, its whole
   * difference is put on the tensors.
   *
   * @param job of which both are
   * @throws InputException when the run can only have been of another job
   */
  public static Correction of(Run run, Estimated estimated, ResolvedJob job) {
    Map<RunFigure, Long> measured = new TreeMap<>();
    run.figures().forEach((figure, value) -> measured.put(figure, value.bytes()));
    long outside = estimated.outsideBytes();
    Long allocated = measured.get(RunFigure.ALLOCATED);
    Long reserved = measured.get(RunFigure.RESERVED);
    Long device = measured.get(RunFigure.DEVICE);
    long outsideDifference = 0;
    long expected = estimated.reservedBytes();
    if (reserved != null && device != null) {
      outsideDifference = device - reserved - estimated.besideReservedBytes();
    } else if (device != null) {
      reserved = Math.max(1, device - outside);
      expected = estimated.readBytes();
    }
    double held = reserved == null ? 1 : (double) reserved / expected;
    double tensors = allocated == null ? held : (double) allocated / estimated.allocatedBytes();
    double allocator = reserved == null ? 1 : held / tensors;
    Correction correction =
        new Correction(tensors, allocator, outsideDifference, speed(run, estimated, job));
    correction.refuseImplausible(outside);
    return correction;
  }

  private static OptionalDouble speed(Run run, Estimated estimated, ResolvedJob job) {
    boolean padded = job.batch().padding() != Padding.PACKED;
    boolean comparable =
        run.speed().filter(speed -> speed.counted().isComparable(padded)).isPresent();
    if (!comparable || estimated.tokensPerSecond().isEmpty()) {
      return OptionalDouble.empty();
    }
    double measured = run.speed().orElseThrow().total(job.parallelism().gpus());
    return OptionalDouble.of(measured / estimated.tokensPerSecond().getAsDouble());
  }

  private void refuseImplausible(long outside) {
    refuse("tensors", tensors);
    refuse("the allocator", allocator);
    speed.ifPresent(factor -> refuse("speed", factor));
    if (outsideBytes > MOST_OUTSIDE || outside + outsideBytes < 0) {
      throw InputError.of(
              "a correction of ", outsideBytes >> 20, " MiB outside the allocator is not kept")
          .allowed(-(outside >> 20), " to ", MOST_OUTSIDE >> 20, " MiB")
          .hint("most likely other processes are on the card")
          .refusal();
    }
  }

  private static void refuse(String what, double factor) {
    if (!isPlausible(factor)) {
      throw InputError.of("a correction of ", what, " by ", plain(factor), " is not kept")
          .allowed(plain(LEAST), " to ", plain(MOST))
          .hint("most likely the run was of another job than the one described")
          .refusal();
    }
  }

  /** Whether a factor can be the error of an estimate. */
  public static boolean isPlausible(double factor) {
    return factor >= LEAST && factor <= MOST;
  }

  /** Allocated bytes, corrected. */
  public long allocated(long estimated) {
    return Math.round(estimated * tensors);
  }

  /** Reserved bytes, corrected; never less than the allocated ones. */
  public long reserved(long allocated, long reserved) {
    return Math.max(allocated(allocated), Math.round(reserved * tensors * allocator));
  }

  /** Bytes outside the allocator, corrected. */
  public long outside(long estimated) {
    return Math.max(0, estimated + outsideBytes);
  }

  /** What the driver has to give, corrected: as far between both ends as it was estimated to be. */
  public long needed(long allocated, long reserved, long neededInside, long outside) {
    long low = allocated(allocated);
    long high = reserved(allocated, reserved);
    double share =
        reserved == allocated ? 0 : (double) (neededInside - allocated) / (reserved - allocated);
    return low + Math.round(share * (high - low)) + outside(outside);
  }

  private static double rounded(double factor) {
    return Double.isFinite(factor)
        ? BigDecimal.valueOf(factor).round(DIGITS).doubleValue()
        : factor;
  }

  private static String plain(double factor) {
    return "x" + BigDecimal.valueOf(factor).round(SHORT).stripTrailingZeros().toPlainString();
  }
}
