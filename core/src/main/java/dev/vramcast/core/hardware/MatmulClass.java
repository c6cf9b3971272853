package dev.vramcast.core.hardware;

import dev.vramcast.core.input.Named;

/**
 * Devices whose matrix products reach alike a share of the dense peak that the catalogue states.
 */
public enum MatmulClass implements Named {
  A100("a100", SpeedCoefficient.A100, 0.59),
  HOPPER("hopper", SpeedCoefficient.HOPPER, 0.46),
  /** Hopper cut to 15 % of its matrix units. */
  H20("h20", SpeedCoefficient.H20, 0.98 * 0.46 / 0.59),
  BLACKWELL("blackwell", SpeedCoefficient.BLACKWELL, 0.47),
  /** Consumer and workstation cards, by their peak with fp32 accumulation. */
  RTX("rtx", SpeedCoefficient.RTX, 0.81),
  /** Server cards of the Ada generation, as the L40S. */
  ADA_SERVER("ada-server", SpeedCoefficient.ADA_SERVER, 0.40),
  MI300X("mi300x", SpeedCoefficient.MI300X, 0.40),
  MI325X("mi325x", SpeedCoefficient.MI325X, 0.52),
  CDNA4("cdna4", SpeedCoefficient.CDNA4, 0.56),
  /** Held at its base clock by its power limit. */
  T4("t4", SpeedCoefficient.T4, 0.30),
  /** As {@link #T4}. */
  L4("l4", SpeedCoefficient.L4, 0.31),
  GAUDI2("gaudi2", SpeedCoefficient.GAUDI2, 0.55),
  GAUDI3("gaudi3", SpeedCoefficient.GAUDI3, 0.42),
  /** No runs are known. */
  UNKNOWN("unknown", SpeedCoefficient.UNKNOWN, 0.5);

  private final String label;
  private final SpeedCoefficient efficiency;
  private final double efficiencyOfAll;

  MatmulClass(String label, SpeedCoefficient efficiency, double efficiencyOfAll) {
    this.label = label;
    this.efficiency = efficiency;
    this.efficiencyOfAll = efficiencyOfAll;
  }

  @Override
  public String label() {
    return label;
  }

  /** Share of the dense bf16 peak that large products reach. */
  public SpeedCoefficient efficiency() {
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
  public SpeedCoefficient fp8() {
    return this == RTX || this == ADA_SERVER || this == L4
        ? SpeedCoefficient.FP8_SMALL_CARDS
        : SpeedCoefficient.FP8;
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
