package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.traits.LossTraits;
import dev.vramcast.core.architecture.traits.Versions;

/**
 * The way from head to loss in models that read images, before Transformers 4.52 gave them one
 * function for it: each {@code ForConditionalGeneration.forward} of 4.40 to 4.51 wrote it out.
 */
final class WrittenLoss {

  private static final Versions WRITTEN = Versions.until(4, 52);

  /** Before, a language model below made its logits fp32 itself. */
  private static final Versions NARROW_BELOW = WRITTEN.andSince(4, 46);

  private WrittenLoss() {}

  /** What a model with this {@code model_type} does, which otherwise does as {@code later}. */
  static LossTraits of(String modelType, LossTraits later) {
    return switch (modelType) {
      case "chameleon", "qwen2_vl", "qwen2_5_vl" -> later.cutting(WRITTEN);
      case "idefics2", "idefics3", "smolvlm" -> later.shiftingByMask(WRITTEN);
      case "paligemma" -> later.shiftingByMask(WRITTEN).holdingNarrow(NARROW_BELOW);
      case "gemma3" -> later.holdingNarrow(NARROW_BELOW);
      case "aya_vision",
          "got_ocr2",
          "llava",
          "llava_next",
          "llava_next_video",
          "llava_onevision",
          "mistral3",
          "video_llava",
          "vipllava" ->
          later.shiftingByMask(WRITTEN).inOwnDtype(NARROW_BELOW);
      default -> later;
    };
  }
}
