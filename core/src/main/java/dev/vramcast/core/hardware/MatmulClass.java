package dev.vramcast.core.hardware;

import dev.vramcast.core.input.Named;

/**
 * Devices whose matrix products reach alike a share of the dense peak that the catalogue states,
 * fitted to published runs as {@code time.rate.Coefficients} says. The numbers behind a share are
 * its least and greatest value when one source of runs is left out.
 */
public enum MatmulClass implements Named {
  /** 0.71 to 0.82. */
  A100("a100", 0.735, 0.59),
  /** 0.58 to 0.61. */
  HOPPER("hopper", 0.59, 0.46),
  /** Hopper cut to 15 % of its matrix units, so that they hardly wait; four runs. */
  H20("h20", 0.98, 0.98 * 0.46 / 0.59),
  /** 0.58 to 0.60. */
  BLACKWELL("blackwell", 0.59, 0.47),
  /** Consumer and workstation cards, by their peak with fp32 accumulation; 0.93 to 1.00. */
  RTX("rtx", 0.955, 0.81),
  /** Server cards of the Ada generation, as the L40S; 0.66 to 0.73. */
  ADA_SERVER("ada-server", 0.69, 0.40),
  /** With AMD's tuned kernels; 0.49 to 0.54. */
  CDNA3("cdna3", 0.515, 0.45),
  /** 0.64 to 0.70. */
  CDNA4("cdna4", 0.65, 0.56),
  /** No runs are known: a round number between the others. */
  UNKNOWN("unknown", 0.7, 0.5);

  /** fp8 products relative to their peak, on data-centre cards; 0.92 to 1.0. */
  private static final double FP8 = 0.96;

  /** As {@link #FP8}, on consumer and workstation cards and on the L40S; 0.84 to 0.88. */
  private static final double FP8_SMALL_CARDS = 0.87;

  private final String label;
  private final double efficiency;
  private final double efficiencyOfAll;

  MatmulClass(String label, double efficiency, double efficiencyOfAll) {
    this.label = label;
    this.efficiency = efficiency;
    this.efficiencyOfAll = efficiencyOfAll;
  }

  @Override
  public String label() {
    return label;
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
  public double efficiencyOfAll() {
    return efficiencyOfAll;
  }

  /** Share of {@link #efficiency()} that is left in fp8. */
  public double fp8() {
    return this == RTX || this == ADA_SERVER ? FP8_SMALL_CARDS : FP8;
  }

  /**
   * Where FlashAttention 2 stays far from the peak however long a sequence is: on an H100 it
   * reaches 335 of 989 TFLOPS forward and backward (Dao, FlashAttention-2, 2023, section 4.1),
   * which is 0.57 of what products reach.
   */
  public boolean outrunsFlashAttention2() {
    return this == HOPPER || this == BLACKWELL;
  }
}
