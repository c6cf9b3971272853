package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;

/**
 * Models of next tokens without a class for sequences or tokens, read off Transformers 4.46 to 5.24
 * (models/auto/modeling_auto.py, MODEL_FOR_SEQUENCE_CLASSIFICATION_MAPPING_NAMES and
 * MODEL_FOR_TOKEN_CLASSIFICATION_MAPPING_NAMES). Code that is downloaded with a model may have one.
 */
final class Classifiers {

  private Classifiers() {}

  /** Where a model with this {@code model_type} has such a class. */
  static ModelTraits.ClassHeads of(String modelType) {
    return new ModelTraits.ClassHeads(sequences(modelType), tokens(modelType));
  }

  private static Versions sequences(String modelType) {
    return switch (modelType) {
      case "afmoe",
          "apertus",
          "apertus1p5_text",
          "aria_text",
          "bamba",
          "bitnet",
          "codegen",
          "cohere",
          "cohere2",
          "cohere2_moe",
          "cwm",
          "dbrx",
          "deepseek_v32",
          "deepseek_v4",
          "dots1",
          "ernie4_5",
          "ernie4_5_moe",
          "exaone_moe",
          "falcon_h1",
          "falcon_mamba",
          "flex_olmo",
          "flint",
          "gemma3n",
          "gemma3n_text",
          "gemma4",
          "gemma4_text",
          "gemma4_unified",
          "gemma4_unified_text",
          "glm4_moe",
          "glm4_moe_lite",
          "glm_moe_dsa",
          "granite",
          "granite_swa",
          "granitemoe",
          "granitemoe_swa",
          "granitemoehybrid",
          "granitemoeshared",
          "hy_v3",
          "jais2",
          "kolibri1",
          "laguna",
          "lfm2",
          "lfm2_moe",
          "lfm3",
          "llama4",
          "llama4_text",
          "mamba",
          "mamba2",
          "mellum",
          "mimo_v2_flash",
          "minimax_m2",
          "minimax_m3_vl_text",
          "nanochat",
          "nemotron_h",
          "olmo_hybrid",
          "olmoe",
          "qwen3_5_moe",
          "qwen3_5_moe_text",
          "recurrent_gemma",
          "solar_open",
          "vaultgemma",
          "xglm",
          "youtu" ->
          Versions.NONE;
      case "olmo", "olmo2", "olmo3" -> Versions.since(5, 6);
      case "deepseek_v3", "gpt_oss" -> Versions.since(4, 56);
      case "qwen3_5", "qwen3_5_text" -> Versions.since(5, 3);
      case "gemma3" -> Versions.since(4, 54);
      case "gemma3_text" -> Versions.since(4, 57);
      default -> Versions.ALL;
    };
  }

  private static Versions tokens(String modelType) {
    return switch (modelType) {
      case "deepseek_v2",
          "gemma3",
          "gemma3_text",
          "gptj",
          "hunyuan_v1_dense",
          "hunyuan_v1_moe",
          "jamba",
          "modernbert-decoder",
          "olmo",
          "olmo2",
          "olmo3",
          "opt",
          "phimoe",
          "qwen3_5_text" ->
          Versions.NONE;
      case "apertus" -> Versions.ALL;
      case "deepseek_v3" -> Versions.since(4, 57);
      case "gpt_oss" -> Versions.since(4, 56);
      case "qwen3_5" -> Versions.since(5, 12);
      default -> sequences(modelType);
    };
  }
}
