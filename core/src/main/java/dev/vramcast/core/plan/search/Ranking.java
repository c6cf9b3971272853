package dev.vramcast.core.plan.search;

import dev.vramcast.core.input.Named;

/** What is best. */
public enum Ranking implements Named {
  /** The cheapest run. */
  COST("cost"),
  /** The shortest run. */
  TIME("time"),
  /**
   * Every run than which none is both cheaper and shorter: the Pareto front, the cheapest first.
   */
  BOTH("both");

  private final String label;

  Ranking(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
