package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;

/** Storage of the frozen base weights. */
public enum QuantizationScheme implements Named {
  NONE("none"),
  NF4("nf4"),
  FP4("fp4"),
  INT8("int8"),
  GPTQ_INT4("gptq-int4"),
  GPTQ_INT8("gptq-int8"),
  AWQ_INT4("awq-int4"),
  FP8("fp8"),
  MXFP4("mxfp4");

  private final String label;

  QuantizationScheme(String label) {
    this.label = label;
  }

  @Override
  public String label() {
    return label;
  }
}
