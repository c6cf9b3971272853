package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** The update rule. */
public enum OptimizerName implements Named {
  ADAMW("adamw"),
  ADAMW_8BIT("adamw-8bit"),
  ADAMW_4BIT("adamw-4bit"),
  PAGED_ADAMW("paged-adamw"),
  PAGED_ADAMW_8BIT("paged-adamw-8bit"),
  ADAFACTOR("adafactor"),
  LION("lion"),
  LION_8BIT("lion-8bit"),
  SGD("sgd"),
  MUON("muon"),
  GALORE("galore"),
  APOLLO("apollo"),
  BADAM("badam"),
  LOMO("lomo"),
  ADAM_MINI("adam-mini"),
  SCHEDULE_FREE_ADAMW("schedule-free-adamw"),
  FLASH_ADAMW("flash-adamw"),
  ADAMW_CPU("adamw-cpu"),
  NONE("none");

  private final String label;

  OptimizerName(String label) {
    this.label = label;
  }

  /** Whether its states and temporaries are described. */
  public boolean isModelled() {
    return switch (this) {
      case ADAMW_CPU -> false;
      default -> true;
    };
  }

  /** Whether it trains one layer at a time, and the others wait for their turn frozen. */
  public boolean isBlockwise() {
    return this == BADAM;
  }

  /** Whether it knows no update but that inside the backward pass. */
  public boolean stepsInBackward() {
    return this == LOMO;
  }

  /** Whether large states are in managed memory (bitsandbytes), which moves them as it needs. */
  public boolean isPaged() {
    return this == PAGED_ADAMW || this == PAGED_ADAMW_8BIT;
  }

  /** What a description of its states and temporaries says where there is none. */
  public IllegalStateException notModelled() {
    return new IllegalStateException("optimizer " + label + " is not modelled");
  }

  @Override
  public String label() {
    return label;
  }
}
