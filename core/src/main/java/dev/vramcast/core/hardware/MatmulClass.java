package dev.vramcast.core.hardware;

import dev.vramcast.core.input.Named;

/**
 * Devices whose matrix products reach alike a share of the dense peak that the catalogue states.
 */
public enum MatmulClass implements Named {
  A100("a100", SpeedCoefficient.A100),
  HOPPER("hopper", SpeedCoefficient.HOPPER),
  /** Hopper cut to 15 % of its matrix units. */
  H20("h20", SpeedCoefficient.H20),
  BLACKWELL("blackwell", SpeedCoefficient.BLACKWELL),
  /** B300 and GB300. */
  BLACKWELL_ULTRA("blackwell-ultra", SpeedCoefficient.BLACKWELL_ULTRA),
  /**
   * Consumer cards and workstation cards before Blackwell, by their peak with fp32 accumulation.
   */
  RTX("rtx", SpeedCoefficient.RTX),
  /** Server cards of the Ada generation, as the L40S. */
  ADA_SERVER("ada-server", SpeedCoefficient.ADA_SERVER),
  /** Workstation cards of the Blackwell generation, held by their power limit. */
  WORKSTATION("workstation", SpeedCoefficient.WORKSTATION),
  MI300X("mi300x", SpeedCoefficient.MI300X),
  MI325X("mi325x", SpeedCoefficient.MI325X),
  CDNA4("cdna4", SpeedCoefficient.CDNA4),
  /** Held at its base clock by its power limit. */
  T4("t4", SpeedCoefficient.T4),
  /** As {@link #T4}. */
  L4("l4", SpeedCoefficient.L4),
  GAUDI2("gaudi2", SpeedCoefficient.GAUDI2),
  GAUDI3("gaudi3", SpeedCoefficient.GAUDI3),
  /** No runs are known. */
  UNKNOWN("unknown", SpeedCoefficient.UNKNOWN);

  private final String label;
  private final SpeedCoefficient efficiency;

  MatmulClass(String label, SpeedCoefficient efficiency) {
    this.label = label;
    this.efficiency = efficiency;
  }

  @Override
  public String label() {
    return label;
  }

  /** Share of the dense bf16 peak that large products reach. */
  public SpeedCoefficient efficiency() {
    return efficiency;
  }

  /** Share of {@link #efficiency()} that is left in fp8. */
  public SpeedCoefficient fp8() {
    return this == RTX || this == WORKSTATION || this == ADA_SERVER || this == L4
        ? SpeedCoefficient.FP8_SMALL_CARDS
        : SpeedCoefficient.FP8;
  }

  /** Whether it has the matrix units of Blackwell's data-centre cards. */
  public boolean isBlackwell() {
    return this == BLACKWELL || this == BLACKWELL_ULTRA;
  }
}
