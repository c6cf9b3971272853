package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.units.DataType;

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
  MXFP4("mxfp4"),
  NVFP4("nvfp4"),
  AQLM_2BIT("aqlm-2bit");

  private final String label;

  QuantizationScheme(String label) {
    this.label = label;
  }

  /** The 4-bit floats of bitsandbytes and torchao, in blocks with a constant each. */
  public boolean isFourBitFloat() {
    return this == NF4 || this == FP4;
  }

  /** Whether a stack of experts, which is one parameter, is stored so. */
  public boolean fitsStacks() {
    return isFourBitFloat() || this == INT8 || this == NVFP4;
  }

  /** Whether stacks of experts alone are stored so, and linears stay as they are. */
  public boolean ofStacksAlone() {
    return this == NVFP4;
  }

  /** Whether a repository stores each linear packed, by GPTQ or AWQ. */
  public boolean isPacked() {
    return this == GPTQ_INT4 || this == GPTQ_INT8 || this == AWQ_INT4;
  }

  /**
   * Bytes of one weight as it is kept and travels between GPUs: of a quantised one with its block
   * constants, which are quantised too, a little rounded up.
   *
   * @param plain dtype of a weight that is not quantised
   */
  public double bytes(DataType plain) {
    return switch (this) {
      case NONE -> plain.bytes();
      case NF4, FP4, GPTQ_INT4, AWQ_INT4, MXFP4 -> 0.55;
      case NVFP4 -> 0.5 + 1.0 / 16;
      case AQLM_2BIT -> 0.25;
      case INT8, GPTQ_INT8, FP8 -> 1;
    };
  }

  @Override
  public String label() {
    return label;
  }
}
