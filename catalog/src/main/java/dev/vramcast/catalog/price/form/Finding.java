package dev.vramcast.catalog.price.form;

/** What an importer finds wrong with a row, and whether the row is left out for it. */
public enum Finding {
  NO_NUMBER(true, "a price that is no price"),
  NO_PRICE(true, "no known price"),
  SPOT_ABOVE(true, "spot above on-demand"),
  FAR_BELOW(true, "far below the same machine in other regions"),
  NO_HOST(true, "a GPU whose host has no known price"),
  COUNT(true, "a count that no machine has"),
  UNKNOWN_GPU(true, "a name of no GPU in the catalogue, or of several"),
  UNREADABLE(true, "a cell that cannot be read"),
  SPOT_EQUAL(false, "spot equal to on-demand, taken as not known"),
  PLACEHOLDER(false, "a placeholder, taken as not known"),
  CONTRADICTION(false, "on-demand prices that contradict each other, taken as not known"),
  COUNT_CORRECTED(false, "a count known to be wrong, corrected"),
  REPEATED(false, "the same machine again, which is no second one");

  private final boolean drops;
  private final String label;

  Finding(boolean drops, String label) {
    this.drops = drops;
    this.label = label;
  }

  /** Whether the row gives no offer. */
  public boolean drops() {
    return drops;
  }

  /** What is wrong, for people. */
  public String label() {
    return label;
  }
}
