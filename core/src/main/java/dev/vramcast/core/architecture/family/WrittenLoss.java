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

  /** The last token's logits were cut off. */
  static LossTraits cut(LossTraits later) {
    return later.cutting(WRITTEN);
  }

  /** What is predicted was taken out by the mask of attention. */
  static LossTraits byMask(LossTraits later) {
    return later.shiftingByMask(WRITTEN);
  }

  /** As {@link #byMask}, of logits that nothing makes fp32. */
  static LossTraits byMaskInOwnDtype(LossTraits later) {
    return byMask(later).inOwnDtype(NARROW_BELOW);
  }

  /** The logits of a language model with a head of its own lived until the model returned. */
  static LossTraits aboveHead(LossTraits later) {
    return later.holdingNarrow(NARROW_BELOW);
  }
}
