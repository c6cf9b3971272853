package dev.vramcast.core.architecture.family;

/**
 * Models whose code between head and loss is not what unsloth_zoo's compiler looks for ({@code
 * compiler.py}, apply_fused_lm_head of August 2026, run over the forward passes of Transformers
 * 5.24), so that no fused loss takes the place of theirs. A model with encoders is loaded whole, as
 * its {@code ForConditionalGeneration}.
 */
final class OwnLoss {

  private OwnLoss() {}

  /** Whether a model with this {@code model_type} keeps the loss that it is written with. */
  static boolean of(String modelType) {
    return switch (modelType) {
      case "bloom",
          "falcon",
          "falcon_h1",
          "gemma3n",
          "gemma4",
          "granitemoe",
          "granitemoehybrid",
          "granitemoeshared",
          "lfm2_vl",
          "llama4",
          "opt",
          "paligemma",
          "whisper" ->
          true;
      default -> false;
    };
  }
}
