package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** Whose code runs the update; {@code momentum} is SGD with a momentum buffer. */
public enum OptimizerImplementation implements Named {
  FUSED("fused"),
  FOREACH("foreach"),
  FOR_LOOP("for-loop"),
  BITSANDBYTES("bitsandbytes"),
  TORCHAO("torchao"),
  DEEPSPEED("deepspeed"),
  APEX("apex"),
  MOMENTUM("momentum");

  private final String label;

  OptimizerImplementation(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
