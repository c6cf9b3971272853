package dev.vramcast.core.hardware;

import java.util.OptionalDouble;

/**
 * Peak rates of a device, without sparsity and with fp32 accumulation, in 10^12 operations a
 * second, and the share of them that runs reach. Empty means not known, or that the device has no
 * matrix units for the dtype.
 *
 * @param memoryGigabytesPerSecond device memory, 10^9 bytes a second; empty when not known
 * @param halfTeraflops bf16, or fp16 where there is no bf16
 * @param singleTeraflops fp32 without matrix units; known of devices whose matrix units take no
 *     bf16, and there the rate of bf16 too, which is computed in fp32
 * @param reached which share of a peak matrix products reach
 * @param coefficients how far runs are from peaks
 */
public record Throughput(
    OptionalDouble memoryGigabytesPerSecond,
    OptionalDouble halfTeraflops,
    OptionalDouble singleTeraflops,
    OptionalDouble fp8Teraflops,
    OptionalDouble nvfp4Teraflops,
    MatmulClass reached,
    SpeedCoefficients coefficients) {

  /** Share of the dense bf16 peak that large products reach. */
  public double efficiency() {
    return coefficients.of(reached.efficiency());
  }

  /** Share of {@link #efficiency()} that is left in fp8. */
  public double fp8() {
    return coefficients.of(reached.fp8());
  }

  /** The same device, as runs of other coefficients would be. */
  public Throughput with(SpeedCoefficients other) {
    return new Throughput(
        memoryGigabytesPerSecond,
        halfTeraflops,
        singleTeraflops,
        fp8Teraflops,
        nvfp4Teraflops,
        reached,
        other);
  }
}
