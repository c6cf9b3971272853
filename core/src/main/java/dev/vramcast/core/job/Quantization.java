package dev.vramcast.core.job;

import dev.vramcast.core.job.option.QuantizationScheme;

/**
 * How the frozen base is stored.
 *
 * @param doubleQuant the block constants of NF4 and FP4 are quantised again
 * @param implementation who holds the weight: {@code bitsandbytes}, {@code auto-gptq}, ...
 */
public record Quantization(QuantizationScheme scheme, boolean doubleQuant, String implementation) {

  public static final Quantization NONE = new Quantization(QuantizationScheme.NONE, false, "none");

  /** A base that is stored so by the library that usually does it, with plain block constants. */
  public static Quantization of(QuantizationScheme scheme) {
    return new Quantization(scheme, false, holder(scheme));
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
    };
  }

  public boolean isNone() {
    return scheme == QuantizationScheme.NONE;
  }
}
