package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.traits.LossTraits;
import dev.vramcast.core.architecture.traits.Versions;

/**
 * The way from head to loss in models that read images, before Transformers 4.52 gave them one
 * function for it: each {@code ForConditionalGeneration.forward} of 4.40 to 4.51 wrote it out.
 */
final class WrittenLoss {

  private static final Versions WRITTEN = Versions.until(4, 52);

  /** LLaVA's logits were no longer made fp32. */
  private static final Versions NARROW = WRITTEN.andSince(4, 48);

  private WrittenLoss() {}

  /** What a model with this {@code model_type} does, which otherwise does as {@code later}. */
  static LossTraits of(String modelType, LossTraits later) {
    return switch (modelType) {
      case "chameleon", "qwen2_vl", "qwen2_5_vl" -> later.cutting(WRITTEN);
      case "idefics2", "idefics3", "smolvlm" -> later.shiftingByMask(WRITTEN);
      case "paligemma" -> later.shiftingByMask(WRITTEN).holdingNarrow(WRITTEN);
      case "gemma3" -> later.holdingNarrow(WRITTEN);
      case "llava", "llava_next", "llava_next_video", "video_llava", "vipllava" ->
          later.shiftingByMask(WRITTEN).inOwnDtype(NARROW).holdingNarrow(WRITTEN);
      case "aya_vision", "got_ocr2", "llava_onevision", "mistral3" ->
          later.shiftingByMask(WRITTEN).inOwnDtype(WRITTEN);
      default -> later;
    };
  }
}
