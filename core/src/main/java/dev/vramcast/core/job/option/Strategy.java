package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** How work is spread over GPUs. */
public enum Strategy implements Named {
  NONE("none"),
  DDP("ddp"),
  FSDP1("fsdp1"),
  FSDP2("fsdp2"),
  ZERO1("zero1"),
  ZERO2("zero2"),
  ZERO3("zero3"),
  MEGATRON("megatron");

  private final String label;

  Strategy(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Whether every rank has all weights, which generation needs. */
  public boolean keepsWeightsWhole() {
    return switch (this) {
      case NONE, DDP, ZERO1, ZERO2 -> true;
      case FSDP1, FSDP2, ZERO3, MEGATRON -> false;
    };
  }

  /** Whether it is PyTorch's FSDP of either kind. */
  public boolean isFsdp() {
    return this == FSDP1 || this == FSDP2;
  }

  /** Whether it is a stage of DeepSpeed's ZeRO. */
  public boolean isZero() {
    return this == ZERO1 || this == ZERO2 || this == ZERO3;
  }
}
