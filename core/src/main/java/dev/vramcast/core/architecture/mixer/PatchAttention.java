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
 */
public record PatchAttention(int heads, int headSize, List<Linear> qkv, Linear output, int window)
    implements TokenMixer {

  public PatchAttention {
    qkv = List.copyOf(qkv);
  }

  /** The same with other projections. */
  public PatchAttention with(List<Linear> others, Linear out) {
    return new PatchAttention(heads, headSize, others, out, window);
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
