package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** What a checkpoint holds of a model, and who writes it. */
public enum SavedState implements Named {
  /** Everything, which one rank writes. */
  FULL("full"),
  /** Every rank writes its shards. */
  SHARDED("sharded"),
  /** Adapters, and what is trained beside them. */
  ADAPTER("adapter");

  private final String label;

  SavedState(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
