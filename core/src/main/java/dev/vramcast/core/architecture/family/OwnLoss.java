package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.traits.Versions;

/**
 * Models whose code between head and loss is not what unsloth_zoo's compiler looks for ({@code
 * compiler.py}, fixup_fused_lm_head and apply_fused_lm_head of August 2026, run over the forward
 * passes of Transformers 4.54 to 5.24), so that no fused loss takes the place of theirs. A model
 * with encoders is loaded whole, as its {@code ForConditionalGeneration}.
 */
final class OwnLoss {

  private OwnLoss() {}

  /** Where a model with this {@code model_type} keeps the loss that it is written with. */
  static Versions of(String modelType) {
    return switch (modelType) {
      case "bloom",
          "falcon",
          "falcon_h1",
          "granitemoe",
          "granitemoe_swa",
          "granitemoehybrid",
          "granitemoeshared",
          "lfm2_vl",
          "llama4",
          "mamba2",
          "opt",
          "qwen2_audio",
          "whisper",
          "xglm" ->
          Versions.ALL;
      case "codegen", "dbrx", "gpt_bigcode", "gpt_neo", "gptj", "mpt" -> Versions.until(5, 0);
      case "gemma3n" -> Versions.until(5, 18).andSince(5, 6);
      case "gpt_neox" -> Versions.until(5, 14);
      case "paligemma" -> Versions.since(5, 23);
      case "persimmon", "stablelm" -> Versions.until(5, 4);
      default -> Versions.NONE;
    };
  }
}
