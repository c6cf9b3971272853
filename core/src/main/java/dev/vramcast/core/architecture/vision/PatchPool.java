package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;

/** What makes one hidden state of a square of patches behind a tower's last layer. */
public sealed interface PatchPool {

  /**
   * Averages in fp32, without those of padding (transformers Gemma4VisionPooler,
   * Gemma4VisionModel.forward).
   *
   * @param side of a square in patches
   * @param standardised bias and scale of the whole tower follow
   */
  record Averaged(int side, boolean standardised) implements PatchPool {}

  /**
   * A convolution whose stride is its kernel (transformers Glm4vVisionModel, {@code downsample}).
   *
   * @param product of all patches of a square
   */
  record Convolved(Linear product) implements PatchPool {}

  /**
   * Linears with a GELU behind each, on squares of patches, without the class token (transformers
   * Llama4VisionPixelShuffleMLP).
   */
  record Shuffled(List<Linear> linears) implements PatchPool {

    public Shuffled {
      linears = List.copyOf(linears);
    }
  }

  /**
   * The mean of two states of sound, which a norm follows.
   *
   * @param byIndex they are taken out and added (transformers Qwen2_5OmniAudioEncoder), not pooled
   *     (Qwen2AudioEncoder)
   */
  record Pairs(boolean byIndex) implements PatchPool {}

  /**
   * Means over the frames of a film, in fp32, of which an image has one (transformers
   * Kimi_K25VisionModel.temporal_merge).
   */
  record Frames() implements PatchPool {}

  /**
   * Probabilities of words that an image is made of, of squares side by side (transformers
   * Ovis2VisionModel).
   *
   * @param norm of the logits
   * @param merges whether there are squares, and not single patches
   */
  record Words(Linear head, Norm norm, boolean merges) implements PatchPool {}

  /** Weights that a square's state runs through. */
  default long weights() {
    if (this instanceof Words words) {
      return words.head().weightCount();
    }
    if (this instanceof Shuffled shuffled) {
      return shuffled.linears().stream().mapToLong(Linear::weightCount).sum();
    }
    return this instanceof Convolved convolved ? convolved.product().weightCount() : 0;
  }
}
