package dev.vramcast.core.plan.search;

/**
 * A constraint and what it leaves out. A candidate counts for the first constraint that it fails.
 *
 * @param constraint the name of an {@link OfferFilter}, or one of those named here, in this order
 * @param candidates how many
 */
public record Exclusion(String constraint, long candidates) {

  /** An offer has no price of the kind that is asked for. */
  public static final String PRICE = "price";

  /** Nobody says what connects such machines, or they are those of private hosts. */
  public static final String NETWORK = "network";

  /** A setting keeps more on the host than a machine is known to have. */
  public static final String HOST = "host memory";

  /** A setting cannot run on so many of such GPUs, or is not modelled. */
  public static final String LEGALITY = "legality";

  /** The run takes too long. */
  public static final String DEADLINE = "deadline";

  /** The run costs too much. */
  public static final String BUDGET = "budget";

  /** The range of what a setting needs is not within the card. */
  public static final String MEMORY = "memory";

  /** Whether it takes an estimate to know. */
  public boolean isEstimated() {
    return constraint.equals(DEADLINE) || constraint.equals(BUDGET) || constraint.equals(MEMORY);
  }
}
