package dev.vramcast.core.architecture.family.build;

import java.util.List;

/**
 * The modules of towers that {@code _no_split_modules} names, by the ends of their paths: those of
 * Transformers 5.24, held against models that were made (the classes' lists in each {@code
 * modeling_*.py}; transformers/modeling_utils.py post_init adds those of the parts). Types of which
 * a list also names a class that the model does not have are left out: accelerate refuses those
 * until the job names its classes itself, usually the decoder layer alone.
 */
final class UnsplitModules {

  private static final List<String> LAYERS = List.of("layers.*");
  private static final List<String> BLOCKS = List.of("blocks.*");
  private static final List<String> ATTENTION = List.of("self_attn");

  private UnsplitModules() {}

  /**
   * Those of a type; none where its tower's layers are not among them, or where it is not known.
   */
  static List<String> of(String modelType) {
    return switch (modelType) {
      case "audioflamingo3",
          "glmasr",
          "hunyuan_vl",
          "kimi_k25",
          "lfm3_vl",
          "lighton_ocr",
          "mistral3",
          "mllama",
          "muse_glimmer",
          "qianfan_ocr",
          "qwen3_asr",
          "video_llama_3" ->
          LAYERS;
      case "cosmos3_omni",
          "glm46v",
          "glm_ocr",
          "hyperclovax_vision_v2",
          "qwen2_vl",
          "qwen2_5_vl",
          "qwen3_vl" ->
          BLOCKS;
      case "internvl" -> List.of("layer.*");
      case "aria", "idefics3", "smolvlm" -> ATTENTION;
      case "idefics2" ->
          List.of("self_attn", "modality_projection", "perceiver_resampler.layers.*");
      case "janus" ->
          List.of("layers.*", "block.*", "attn.*", "block_1", "attn_1", "block_2", "quantize");
      case "ovis2" -> List.of("attention");
      default -> List.of();
    };
  }
}
