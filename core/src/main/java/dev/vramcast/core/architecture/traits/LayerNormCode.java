package dev.vramcast.core.architecture.traits;

/** How a layer norm is written. */
public enum LayerNormCode {
  /** {@code nn.LayerNorm}. */
  FUSED,
  /** Cohere: in Python. */
  WRITTEN_OUT,
  /** OLMo: the kernel on fp32. */
  FUSED_IN_FP32,
  /** Nemotron: with one added to the weight. */
  ONE_PLUS_WEIGHT
}
