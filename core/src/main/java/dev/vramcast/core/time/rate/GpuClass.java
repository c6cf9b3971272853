package dev.vramcast.core.time.rate;

import dev.vramcast.core.hardware.Gpu;

/**
 * Devices whose matrix products reach alike a share of the dense peak that the catalogue states.
 * The numbers behind a share are its least and greatest value when one source of runs is left out.
 */
public enum GpuClass {
  /** 0.71 to 0.82. */
  A100(0.735),
  /** 0.58 to 0.61. */
  HOPPER(0.59),
  /** Hopper cut to 15 % of its matrix units, so that they hardly wait; four runs. */
  H20(0.98),
  /** 0.58 to 0.60. */
  BLACKWELL(0.59),
  /** Consumer and workstation cards, by their peak with fp32 accumulation; 0.93 to 1.00. */
  RTX(0.955),
  /** Server cards of the Ada generation, as the L40S; 0.66 to 0.73. */
  ADA_SERVER(0.69),
  /** With AMD's tuned kernels; 0.49 to 0.54. */
  CDNA3(0.515),
  /** 0.64 to 0.70. */
  CDNA4(0.65),
  /** No runs are known: a round number between the others. */
  UNKNOWN(0.7);

  /** Below this a Hopper is one for export, 10^12 operations a second. */
  private static final double CUT_HOPPER = 200;

  private final double efficiency;

  GpuClass(double efficiency) {
    this.efficiency = efficiency;
  }

  public static GpuClass of(Gpu gpu) {
    return switch (gpu.computeCapability()) {
      case "8.0" -> A100;
      case "8.6", "12.0", "12.1" -> RTX;
      case "8.9" -> gpu.name().startsWith("L") ? ADA_SERVER : RTX;
      case "9.0" -> isCut(gpu) ? H20 : HOPPER;
      case "10.0", "10.3" -> BLACKWELL;
      case "gfx942" -> CDNA3;
      case "gfx950" -> CDNA4;
      default -> UNKNOWN;
    };
  }

  private static boolean isCut(Gpu gpu) {
    return gpu.throughput().halfTeraflops().orElse(CUT_HOPPER) < CUT_HOPPER;
  }

  /** Share of the dense bf16 peak that large products reach. */
  public double efficiency() {
    return efficiency;
  }

  /**
   * Share of the dense bf16 peak that a tuned stack reaches when products are all that is counted;
   * fitted to the same runs. No such share is known of export cards, which keep Hopper's loss, and
   * of unknown ones.
   */
  double efficiencyOfAll() {
    return switch (this) {
      case A100 -> 0.59;
      case HOPPER -> 0.46;
      case H20 -> efficiency * HOPPER.efficiencyOfAll() / HOPPER.efficiency;
      case BLACKWELL -> 0.47;
      case RTX -> 0.81;
      case ADA_SERVER -> 0.40;
      case CDNA3 -> 0.45;
      case CDNA4 -> 0.56;
      case UNKNOWN -> 0.5;
    };
  }

  /** Share of {@link #efficiency()} that is left in fp8. */
  public double fp8() {
    return this == RTX || this == ADA_SERVER ? Coefficients.FP8_SMALL_CARDS : Coefficients.FP8;
  }
}
