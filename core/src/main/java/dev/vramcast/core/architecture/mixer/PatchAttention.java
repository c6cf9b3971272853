package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.stream.Stream;

/**
 * Attention among the patches of all images at once, rotated and run image by image, or window by
 * window (transformers Qwen2_5_VLVisionAttention).
 *
 * @param qkv one projection for query, key and value, or one for each
 * @param window patches that see each other; 0 for all of an image
 * @param turn how queries and keys are rotated
 * @param norms of each head's queries and of its keys (transformers GlmOcrVisionAttention); none
 *     where they stay as they are
 */
public record PatchAttention(
    int heads,
    int headSize,
    List<Linear> qkv,
    Linear output,
    int window,
    Turn turn,
    List<Norm> norms)
    implements TokenMixer {

  public PatchAttention {
    qkv = List.copyOf(qkv);
    norms = List.copyOf(norms);
  }

  /**
   * How queries and keys are rotated.
   *
   * @param features of a head, the first ones; 0 where positions were added before, as to sound
   * @param inFp32 they are copied in fp32 for it; otherwise they stay in their own dtype, and are
   *     put together with the features of a head that stay (transformers
   *     MiniMaxM3VLVisionAttention)
   */
  public record Turn(int features, boolean inFp32) {

    /** Nothing is rotated. */
    public static final Turn NONE = new Turn(0, false);

    /** Whole heads of so many features, in fp32. */
    public static Turn inFp32(int features) {
      return new Turn(features, true);
    }

    /** So many features of a head, in their own dtype. */
    public static Turn partly(int features) {
      return new Turn(features, false);
    }
  }

  /** One without norms. */
  public PatchAttention(
      int heads, int headSize, List<Linear> qkv, Linear output, int window, Turn turn) {
    this(heads, headSize, qkv, output, window, turn, List.of());
  }

  /** One without norms, whose whole heads are rotated in fp32 or not at all. */
  public PatchAttention(
      int heads, int headSize, List<Linear> qkv, Linear output, int window, boolean rotated) {
    this(heads, headSize, qkv, output, window, rotated ? Turn.inFp32(headSize) : Turn.NONE);
  }

  /** One that rotates in fp32. */
  public PatchAttention(int heads, int headSize, List<Linear> qkv, Linear output, int window) {
    this(heads, headSize, qkv, output, window, Turn.inFp32(headSize));
  }

  /** Whether queries and keys are rotated. */
  public boolean rotated() {
    return turn.features() > 0;
  }

  /** The same with norms of queries and keys, in this order. */
  public PatchAttention normed(Norm queries, Norm keys) {
    List<Norm> both = List.of(queries, keys);
    return new PatchAttention(heads, headSize, qkv, output, window, turn, both);
  }

  /** The same with other projections. */
  public PatchAttention with(List<Linear> others, Linear out) {
    return new PatchAttention(heads, headSize, others, out, window, turn, norms);
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
