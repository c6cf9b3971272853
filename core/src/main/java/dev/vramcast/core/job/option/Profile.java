package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** What holds for the settings that nobody gives, before a framework's own defaults do. */
public enum Profile implements Named {
  /** As most people train; the table with its reasons is that of the recommended settings. */
  RECOMMENDED("recommended"),
  /** Nothing: what PyTorch or the framework that is named does by itself. */
  BARE("bare");

  private final String label;

  Profile(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
