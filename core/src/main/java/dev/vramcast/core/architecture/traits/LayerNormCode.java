package dev.vramcast.core.architecture.traits;

/** How a layer norm is written. */
public enum LayerNormCode {
  /** {@code nn.LayerNorm}. */
  FUSED,
  /** Cohere: in Python. */
  WRITTEN_OUT,
  /** OLMo: the kernel on fp32. */
  FUSED_IN_FP32,
  /** DBRX: {@code nn.LayerNorm}, in layers brought back to the dtype of its input. */
  CAST_BACK,
  /** Nemotron: with one added to the weight. */
  ONE_PLUS_WEIGHT,
  /** DeBERTa: in Python, divided by the root of the variance. */
  DIVIDED
}
