package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Attention among the patches of all images at once, rotated in fp32 and run image by image, or
 * window by window (transformers Qwen2_5_VLVisionAttention).
 *
 * @param qkv one projection for query, key and value, or one for each
 * @param window patches that see each other; 0 for all of an image
 * @param rotated false for states of sound, which positions were added to
 */
public record PatchAttention(
    int heads, int headSize, List<Linear> qkv, Linear output, int window, boolean rotated)
    implements TokenMixer {

  public PatchAttention {
    qkv = List.copyOf(qkv);
  }

  /** One that rotates. */
  public PatchAttention(int heads, int headSize, List<Linear> qkv, Linear output, int window) {
    this(heads, headSize, qkv, output, window, true);
  }

  /** The same with other projections. */
  public PatchAttention with(List<Linear> others, Linear out) {
    return new PatchAttention(heads, headSize, others, out, window, rotated);
  }

  @Override
  public List<Linear> linears() {
    return Stream.concat(qkv.stream(), Stream.of(output)).toList();
  }

  @Override
  public List<Norm> norms() {
    return List.of();
  }

  @Override
  public List<ParameterTensor> others() {
    return List.of();
  }
}
