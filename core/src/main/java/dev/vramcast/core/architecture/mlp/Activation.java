package dev.vramcast.core.architecture.mlp;

/** The non-linearity of an MLP. */
public enum Activation {
  SILU,
  GELU,
  /** GELU by the tanh approximation as one kernel. */
  GELU_TANH,
  /** GELU by the tanh approximation written out in Python (GPT-2's {@code gelu_new}). */
  GELU_NEW,
  /** GELU by the error function written out in Python (ESM). */
  GELU_ERF,
  /** As {@link #GELU_NEW}, as a function that has its own backward pass (Bloom). */
  GELU_FUNCTION,
  /** CLIP: {@code x * sigmoid(1.702 * x)}. */
  QUICK_GELU,
  RELU,
  RELU_SQUARED,
  /** The same as one kernel of Liger's, in the dtype of its input. */
  RELU_SQUARED_KERNEL,
  /** Apertus: two learned numbers scale a square and an exponential (arXiv:2411.13010). */
  XIELU,
  /** gpt-oss: clamped gate times sigmoid, with {@code up + 1}. */
  CLAMPED_SWIGLU,
  /** SiLU of a clamped gate, times a clamped up (DeepSeek-V4). */
  CLAMPED_SILU,
  /** SiLU, clamped, times a clamped up (Step 3.7). */
  SILU_CLAMPED
}
