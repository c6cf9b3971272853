package dev.vramcast.core.architecture.family;

import java.util.List;

/**
 * The modules of towers that {@code _no_split_modules} names, by the ends of their paths: those of
 * Transformers 5.24, held against models that were made (the classes' lists in each {@code
 * modeling_*.py}; transformers/modeling_utils.py post_init adds those of the parts). A type of
 * which a list also names a class that the model does not have has none here: accelerate refuses it
 * until the job names its classes itself, usually the decoder layer alone.
 */
final class UnsplitModules {

  static final List<String> LAYERS = List.of("layers.*");
  static final List<String> LAYER = List.of("layer.*");
  static final List<String> BLOCKS = List.of("blocks.*");
  static final List<String> ATTENTION = List.of("attention");
  static final List<String> SELF_ATTENTION = List.of("self_attn");
  static final List<String> IDEFICS2 =
      List.of("self_attn", "modality_projection", "perceiver_resampler.layers.*");
  static final List<String> JANUS =
      List.of("layers.*", "block.*", "attn.*", "block_1", "attn_1", "block_2", "quantize");

  private UnsplitModules() {}
}
