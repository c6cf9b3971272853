package dev.vramcast.core.market;

/** How a machine is rented. */
public enum Purchase {
  /** Kept until it is given back. */
  ON_DEMAND("on-demand"),
  /** Cheaper, but taken away when somebody pays more or the provider needs it. */
  SPOT("spot");

  private final String label;

  Purchase(String label) {
    this.label = label;
  }

  /** The word that providers use. */
  public String label() {
    return label;
  }
}
