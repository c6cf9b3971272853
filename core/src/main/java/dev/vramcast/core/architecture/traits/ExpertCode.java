package dev.vramcast.core.architecture.traits;

/** How a token's experts are run. */
public enum ExpertCode {
  /** A loop over modules or slices, or a grouped product of what is stacked. */
  CHOSEN,
  /** Llama 4: every expert runs on every token. */
  ALL,
  /**
   * A loop over modules, each token being there once for each choice (DeepseekMoE.forward of
   * modeling_deepseek.py beside DeepSeek's weights).
   */
  REPEATED
}
