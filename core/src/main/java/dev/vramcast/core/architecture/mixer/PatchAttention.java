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
 * @param norms of each head's queries and of its keys (transformers GlmOcrVisionAttention); none
 *     where they stay as they are
 */
public record PatchAttention(
    int heads,
    int headSize,
    List<Linear> qkv,
    Linear output,
    int window,
    boolean rotated,
    List<Norm> norms)
    implements TokenMixer {

  public PatchAttention {
    qkv = List.copyOf(qkv);
    norms = List.copyOf(norms);
  }

  /** One without norms. */
  public PatchAttention(
      int heads, int headSize, List<Linear> qkv, Linear output, int window, boolean rotated) {
    this(heads, headSize, qkv, output, window, rotated, List.of());
  }

  /** One that rotates. */
  public PatchAttention(int heads, int headSize, List<Linear> qkv, Linear output, int window) {
    this(heads, headSize, qkv, output, window, true);
  }

  /** The same with norms of queries and keys, in this order. */
  public PatchAttention normed(Norm queries, Norm keys) {
    List<Norm> both = List.of(queries, keys);
    return new PatchAttention(heads, headSize, qkv, output, window, rotated, both);
  }

  /** The same with other projections. */
  public PatchAttention with(List<Linear> others, Linear out) {
    return new PatchAttention(heads, headSize, others, out, window, rotated, norms);
  }

  @Override
  public List<Linear> linears() {
    return Stream.concat(qkv.stream(), Stream.of(output)).toList();
  }

  @Override
  public List<ParameterTensor> others() {
    return List.of();
  }
}
