package dev.vramcast.core.job;

import dev.vramcast.core.job.option.QuantizationScheme;

/**
 * How the frozen base is stored.
 *
 * @param doubleQuant the block constants of NF4 and FP4 are quantised again
 * @param implementation who holds the weight: {@code bitsandbytes}, {@code auto-gptq}, ...
 * @param groupSize inputs that share a scale in GPTQ and AWQ; {@link #WHOLE_COLUMN} where all do
 * @param experts experts that are one parameter for all of them are stored so too
 */
public record Quantization(
    QuantizationScheme scheme,
    boolean doubleQuant,
    String implementation,
    int groupSize,
    boolean experts) {

  /** {@code group_size} of -1: one scale for all inputs of an output. */
  public static final int WHOLE_COLUMN = -1;

  /** What AutoGPTQ and AutoAWQ take where nothing is said. */
  public static final int USUAL_GROUP = 128;

  /**
   * Axolotl's SonicMoE experts, whose sum with their adapters is rounded to what a merged
   * checkpoint will hold ({@code nvfp4_merge_aware}).
   */
  public static final String SNAPPED = "sonicmoe-merge-aware";

  /**
   * Axolotl's ScatterMoE experts in Marlin's layout, which grouped products read packed ({@code
   * dsv4_fp4_grouped_mode}).
   */
  public static final String GROUPED = "scattermoe-marlin";

  public static final Quantization NONE =
      new Quantization(QuantizationScheme.NONE, false, "none", USUAL_GROUP, false);

  /** A base that is stored so by the library that usually does it, with plain block constants. */
  public static Quantization of(QuantizationScheme scheme) {
    return new Quantization(scheme, false, holder(scheme), USUAL_GROUP, false);
  }

  /** Groups of a weight with so many inputs. */
  public long groups(long inputs) {
    return groupSize == WHOLE_COLUMN ? 1 : (inputs + groupSize - 1) / groupSize;
  }

  /** The library that usually stores weights so. */
  public static String holder(QuantizationScheme scheme) {
    return switch (scheme) {
      case NONE -> "none";
      case NF4, FP4, INT8 -> "bitsandbytes";
      case GPTQ_INT4, GPTQ_INT8 -> "auto-gptq";
      case AWQ_INT4 -> "autoawq";
      case FP8 -> "torchao";
      case MXFP4 -> "kernels";
      case NVFP4 -> SNAPPED;
      case AQLM_2BIT -> "aqlm";
    };
  }

  public boolean byBitsandbytes() {
    return implementation.equals("bitsandbytes");
  }

  /** Whether grouped products read packed experts as they are. */
  public boolean readsPacked() {
    return scheme == QuantizationScheme.NVFP4 && implementation.equals(GROUPED);
  }

  /** Whether a repository stores each linear packed, by GPTQ or AWQ. */
  public boolean isPacked() {
    return scheme.isPacked();
  }

  public boolean isNone() {
    return scheme == QuantizationScheme.NONE;
  }
}
