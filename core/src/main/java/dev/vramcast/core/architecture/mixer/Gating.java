package dev.vramcast.core.architecture.mixer;

/** How what a gate's projection gives becomes a factor of attention's output, and when it runs. */
public enum Gating {
  /** A sigmoid of what the projection gave before queries meet keys (Qwen3-Next, AFMoE). */
  SIGMOID_OF_FIRST,
  /** A sigmoid of what it gives after them (Muse Glimmer). */
  SIGMOID,
  /** A softplus in fp32 of what it gives after them, one number a head or a feature (Laguna). */
  SOFTPLUS
}
