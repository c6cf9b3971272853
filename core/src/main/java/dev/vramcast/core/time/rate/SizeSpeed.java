package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.time.TimeEstimator;

/**
 * How fast a model trains of which only the size is known: 6 operations a parameter and token in
 * full training, 4 with adapters, whose base needs no gradients of its weights, at the share of the
 * peak that runs reach when nothing else is counted. Attention, recomputation and communication are
 * not, so small batches, slow links and long sequences are slower.
 *
 * @param tokensPerSecond of all GPUs
 * @param factor the range is this many times faster and slower; it held eight of ten runs of users'
 *     stacks, from sources that the shares were fitted without
 */
public record SizeSpeed(double tokensPerSecond, double factor) {

  /** Operations a parameter and token: forward, gradients of inputs, gradients of weights. */
  public static final double FULL_OPERATIONS = 6;

  /** As {@link #FULL_OPERATIONS}, without the last. */
  public static final double ADAPTER_OPERATIONS = 4;

  /** Time in the stacks that people use for that in a tuned one. */
  private static final double USER_STACK = 1.43;

  private static final double FACTOR = 2.03;

  /** Unpacking weights is not counted, which decides the speed of small batches. */
  private static final double QUANTISED_FACTOR = 2.94;

  private static final double TERA = 1e12;

  /**
   * The speed on GPUs for which {@link TimeEstimator#knows} holds.
   *
   * @param active parameters that a token visits
   * @param quantised whether the base is in 4 bits
   */
  public static SizeSpeed of(
      double active, boolean adapters, boolean quantised, Gpu gpu, int gpus) {
    double peak = gpu.throughput().halfTeraflops().orElseThrow() * TERA;
    double reached = gpus * peak * gpu.throughput().reached().efficiencyOfAll() / USER_STACK;
    double operations = (adapters ? ADAPTER_OPERATIONS : FULL_OPERATIONS) * active;
    return new SizeSpeed(reached / operations, quantised ? QUANTISED_FACTOR : FACTOR);
  }
}
