package dev.vramcast.core.job.code;

/** Who makes the outputs of a model fp32. */
public enum OutputDtype {
  /** Nobody: they stay as the model computed them. */
  AS_COMPUTED,
  /** The framework, where the model runs under autocast. */
  FP32_UNDER_AUTOCAST,
  /** The framework, always. */
  FP32
}
