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

  public boolean isNone() {
    return scheme == QuantizationScheme.NONE;
  }
}
