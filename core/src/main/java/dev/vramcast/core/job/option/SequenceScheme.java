package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** How ranks that share a sequence attend to all of it. */
public enum SequenceScheme implements Named {
  /** Keys and values go around from rank to rank. */
  RING("ring"),
  /** Ranks exchange their tokens of all heads for all tokens of their heads, and back. */
  ULYSSES("ulysses"),
  /** Every rank gathers the keys and values of all. */
  ALLGATHER("allgather");

  private final String label;

  SequenceScheme(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
