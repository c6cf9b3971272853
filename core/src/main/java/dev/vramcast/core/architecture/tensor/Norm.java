package dev.vramcast.core.architecture.tensor;

/**
 * A normalisation.
 *
 * @param name path below its layer, e.g. {@code input_layernorm}
 * @param size features that its weight has
 * @param weighted false for the parameter-free form
 * @param bias only for {@link Type#LAYER}
 * @param groups parts of the features that are normalised each by itself, as heads are
 */
public record Norm(String name, Type type, long size, boolean weighted, boolean bias, long groups) {

  /** One over all its features. */
  public Norm(String name, Type type, long size, boolean weighted, boolean bias) {
    this(name, type, size, weighted, bias, 1);
  }

  /** How the modeling code computes it, which decides what autograd keeps. */
  public enum Type {
    /** Llama: upcast to fp32, normalise, cast back, multiply by the weight. */
    RMS,
    /** OLMo 2, gpt-oss: as {@link #RMS}, but the weight multiplies in fp32 before the cast. */
    RMS_WEIGHT_IN_FP32,
    /**
     * Gemma 3n, Gemma 4, Muse Glimmer: as {@link #RMS_WEIGHT_IN_FP32}, with {@code torch.pow(x,
     * -0.5)} where others have {@code rsqrt} (transformers gemma4/modeling_gemma4.py
     * Gemma4RMSNorm). Before Transformers 5.5, which has the first Gemma 4, Gemma 3n divided by the
     * root instead, which keeps as much as {@code rsqrt}.
     */
    RMS_BY_POWER,
    /** DeepSeek-V4: as {@link #RMS_WEIGHT_IN_FP32}, of a weight that is kept in fp32. */
    RMS_KEPT_IN_FP32,
    /** Gemma: multiply by {@code 1 + weight} in fp32 before the cast. */
    RMS_ONE_PLUS_WEIGHT,
    /**
     * T5: the input times what fp32 makes of it, cast to the weight's dtype where that is of 16
     * bits.
     */
    RMS_OF_INPUT,
    /** DeepSeek-V4, without a weight: the input times what fp32 makes of it, cast to its dtype. */
    RMS_BY_OWN_DTYPE,
    /** {@code nn.LayerNorm}. */
    LAYER,
    /** InternVL's layer scale: multiply by the weight, and nothing else. */
    SCALE,
    /** Llama 3.2 Vision's gates: multiply by the hyperbolic tangent of one number. */
    GATE
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Norm norm
        && name.equals(norm.name)
        && type == norm.type
        && size == norm.size
        && weighted == norm.weighted
        && bias == norm.bias
        && groups == norm.groups;
  }

  /** By hand, as {@link #equals}: a program that starts pays for what a record makes by itself. */
  @Override
  public int hashCode() {
    return 31 * (31 * name.hashCode() + type.hashCode()) + Long.hashCode(size);
  }

  /** Whether it is a parameter of its layer, and no module with a {@code weight}. */
  public boolean isBare() {
    return type == Type.SCALE || type == Type.GATE;
  }

  /** Whether its weight is in fp32 whatever the others are ({@code _keep_in_fp32_modules}). */
  public boolean isWide() {
    return type == Type.RMS_KEPT_IN_FP32;
  }
}
