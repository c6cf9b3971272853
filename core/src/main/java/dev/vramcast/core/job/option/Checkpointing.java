package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;
import java.util.List;

/** Activation checkpointing of decoder layers. */
public enum Checkpointing implements Named {
  NONE("none"),
  FULL("full"),
  SELECTIVE("selective"),
  OFFLOADED("offloaded");

  private final String label;

  Checkpointing(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Trainers ask for it by a truth value. */
  @Override
  public List<String> spoken() {
    return switch (this) {
      case FULL -> List.of("true", "yes", "on");
      case NONE -> List.of("false", "no", "off");
      case SELECTIVE, OFFLOADED -> List.of();
    };
  }
}
