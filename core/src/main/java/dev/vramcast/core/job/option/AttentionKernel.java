package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;
import java.util.List;

/** The attention implementation. */
public enum AttentionKernel implements Named {
  FLASH("flash"),
  SDPA("sdpa"),
  EAGER("eager"),
  FLEX("flex");

  private final String label;

  AttentionKernel(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }

  /** Transformers' names for what its Trainer passes on. */
  @Override
  public List<String> spoken() {
    return this == FLASH
        ? List.of("flash-attention", "flash-attention-2", "flash-attn", "fa2")
        : List.of();
  }
}
