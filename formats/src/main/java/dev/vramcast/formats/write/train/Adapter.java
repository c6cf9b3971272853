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
  public static boolean isFourBit(JobCoverage coverage) {
    QuantizationScheme scheme = coverage.job().quantization().scheme();
    return isBitsandbytes(coverage) && scheme.isFourBitFloat();
  }

  /** Whether bitsandbytes holds the base in eight bits. */
  public static boolean isEightBit(JobCoverage coverage) {
    return isBitsandbytes(coverage)
        && coverage.job().quantization().scheme() == QuantizationScheme.INT8;
  }

  private static boolean isBitsandbytes(JobCoverage coverage) {
    return coverage.job().quantization().implementation().equals("bitsandbytes");
  }

  /** A base that is neither of these is quantised in the checkpoint, or not at all. */
  public static void saysCheckpoint(JobCoverage coverage) {
    QuantizationScheme scheme = coverage.job().quantization().scheme();
    if (scheme == QuantizationScheme.NONE) {
      coverage.says(JobKey.QUANTIZATION_SCHEME);
      return;
    }
    if (isFourBit(coverage) || isEightBit(coverage)) {
      throw new IllegalStateException("is quantised on loading");
    }
    switch (scheme) {
      case GPTQ_INT4, GPTQ_INT8, AWQ_INT4, FP8, MXFP4, AQLM_2BIT -> {
        coverage.says(JobKey.QUANTIZATION_SCHEME, JobKey.QUANTIZATION_IMPLEMENTATION);
        coverage.warn(
            JobKey.QUANTIZATION_SCHEME,
            " ",
            scheme,
            " is taken from the checkpoint, so the model has to be one that is stored so");
      }
      case NONE, NF4, FP4, INT8, NVFP4 ->
          throw coverage.refusal(JobKey.QUANTIZATION_IMPLEMENTATION, "bitsandbytes");
    }
  }

  public static AdapterSettings settings(JobCoverage coverage) {
    return coverage.job().adapter().orElseThrow();
  }

  /** Puts those of {@link #modulesToSave} under a key, where there are any. */
  public static void putModulesToSave(JobCoverage coverage, OutputKeys output, String key) {
    List<String> saved = modulesToSave(coverage);
    if (!saved.isEmpty()) {
      output.put(key, saved);
      coverage.says(JobKey.LORA_MODULES_TO_SAVE);
    }
  }

  /** Modules that are trained in full beside adapters, without what a framework adds itself. */
  public static List<String> modulesToSave(JobCoverage coverage) {
    return coverage.words(JobKey.LORA_MODULES_TO_SAVE);
  }

  /** The scale, where a key takes whole numbers; rounded, and then said to be another. */
  public static long wholeAlpha(JobCoverage coverage) {
    double alpha = settings(coverage).alpha();
    long whole = BigDecimal.valueOf(alpha).setScale(0, java.math.RoundingMode.HALF_UP).longValue();
    coverage.settles(JobKey.LORA_ALPHA, (double) whole);
    return whole;
  }

  /** Bare parameters that get adapters; where there are none, a module has to. */
  public static void putParameters(JobCoverage coverage, OutputKeys output, String key) {
    List<String> parameters = settings(coverage).targetParameters();
    if (parameters.isEmpty()) {
      refuseNone(coverage);
      return;
    }
    output.put(key, parameters);
    coverage.says(JobKey.TARGET_PARAMETERS);
  }

  /** Ends the account where no module has an adapter, for which the file has no word. */
  public static void refuseNone(JobCoverage coverage) {
    if (settings(coverage).targets().isEmpty()) {
      throw coverage.refusal(JobKey.LORA_TARGETS, "all-linear, or names of modules");
    }
  }

  public static boolean is(JobCoverage coverage, Method method) {
    return coverage.job().method() == method;
  }
}
