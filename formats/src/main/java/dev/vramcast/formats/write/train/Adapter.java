package dev.vramcast.formats.write.train;

import dev.vramcast.core.job.AdapterSettings;
import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.Method;
import dev.vramcast.core.job.option.QuantizationScheme;
import java.math.BigDecimal;
import java.util.List;

/** What the ways of training adapters have in common. */
public final class Adapter {

  private Adapter() {}

  /** Whether bitsandbytes holds the base in four bits. */
  public static boolean isFourBit(Said said) {
    QuantizationScheme scheme = said.job().quantization().scheme();
    return isBitsandbytes(said)
        && (scheme == QuantizationScheme.NF4 || scheme == QuantizationScheme.FP4);
  }

  /** Whether bitsandbytes holds the base in eight bits. */
  public static boolean isEightBit(Said said) {
    return isBitsandbytes(said) && said.job().quantization().scheme() == QuantizationScheme.INT8;
  }

  private static boolean isBitsandbytes(Said said) {
    return said.job().quantization().implementation().equals("bitsandbytes");
  }

  /** A base that is neither of these is quantised in the checkpoint, or not at all. */
  public static void saysCheckpoint(Said said) {
    QuantizationScheme scheme = said.job().quantization().scheme();
    if (scheme == QuantizationScheme.NONE) {
      said.says(JobKey.QUANTIZATION_SCHEME);
      return;
    }
    if (isFourBit(said) || isEightBit(said)) {
      throw new IllegalStateException("is quantised on loading");
    }
    switch (scheme) {
      case GPTQ_INT4, GPTQ_INT8, AWQ_INT4, FP8, MXFP4 -> {
        said.says(JobKey.QUANTIZATION_SCHEME, JobKey.QUANTIZATION_IMPLEMENTATION);
        said.warn(
            "%s %s is taken from the checkpoint, so the model has to be one that is stored so"
                .formatted(JobKey.QUANTIZATION_SCHEME.path(), scheme.label()));
      }
      case NONE, NF4, FP4, INT8 ->
          throw said.refusal(JobKey.QUANTIZATION_IMPLEMENTATION, "bitsandbytes");
    }
  }

  public static AdapterSettings settings(Said said) {
    return said.job().adapter().orElseThrow();
  }

  /** The scale, where a key takes whole numbers; rounded, and then said to be another. */
  public static long wholeAlpha(Said said) {
    double alpha = settings(said).alpha();
    long whole = BigDecimal.valueOf(alpha).setScale(0, java.math.RoundingMode.HALF_UP).longValue();
    said.settles(JobKey.LORA_ALPHA, (double) whole);
    return whole;
  }

  static List<String> targets(Said said) {
    said.says(JobKey.LORA_TARGETS);
    return settings(said).targets();
  }

  public static boolean is(Said said, Method method) {
    return said.job().method() == method;
  }
}
