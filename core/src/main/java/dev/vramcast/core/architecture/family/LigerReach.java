package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.traits.LigerTraits;

/** Liger's functions by {@code model_type}, read off liger_kernel 0.8.5. */
final class LigerReach {

  private LigerReach() {}

  /** What Liger replaces of a model with this {@code model_type}. */
  static LigerTraits of(String modelType) {
    return switch (modelType) {
      case "llama",
          "ministral",
          "mistral",
          "mixtral",
          "phi3",
          "qwen2",
          "qwen2_vl",
          "qwen2_vl_text",
          "qwen2_5_vl",
          "qwen2_5_vl_text",
          "qwen3",
          "qwen3_moe",
          "qwen3_vl_moe",
          "qwen3_vl_moe_text",
          "smollm3",
          "falcon_h1",
          "gemma",
          "mllama",
          "mllama_text_model",
          "paligemma",
          "internvl",
          "llava",
          "smolvlm",
          "pixtral" ->
          LigerTraits.ALL;
      case "hunyuan_v1_dense", "hunyuan_v1_moe", "llama4", "llama4_text" ->
          LigerTraits.ALL.withoutHeadNorms();
      case "gemma2", "gemma3", "gemma3_text", "exaone4" -> LigerTraits.ALL.apart();
      case "olmo2", "olmo3" -> LigerTraits.ALL.apart().withoutHeadNorms();
      case "gemma4",
          "gemma4_text",
          "glm4",
          "glm4v",
          "glm4v_moe",
          "qwen3_next",
          "qwen3_5",
          "qwen3_5_text",
          "qwen3_5_moe",
          "qwen3_5_moe_text" ->
          LigerTraits.ALL.apart().withoutRotary();
      case "deepseek_v2", "deepseek_v3" -> LigerTraits.ALL.withoutRotary();
      case "gpt_oss", "qwen3_vl", "qwen3_vl_text" -> LigerTraits.ALL.withoutMlp();
      case "nemotron" ->
          new LigerTraits(false, false, false, true, false, LigerTraits.Loss.FUSED_LINEAR);
      case "granite" ->
          new LigerTraits(true, true, true, true, true, LigerTraits.Loss.CROSS_ENTROPY);
      default -> LigerTraits.NONE;
    };
  }
}
