package dev.vramcast.core.job.option;

import dev.vramcast.core.input.Named;
import dev.vramcast.core.units.DataType;

/** Dtypes of parameters and compute; {@code -mixed} is autocast. */
public enum Precision implements Named {
  FP32("fp32"),
  BF16("bf16"),
  FP16("fp16"),
  BF16_MIXED("bf16-mixed"),
  FP16_MIXED("fp16-mixed");

  private final String label;

  Precision(String label) {
    this.label = label;
  }

  /** Parameters and compute in one dtype. */
  public static Precision pure(DataType dtype) {
    return switch (dtype) {
      case BF16 -> BF16;
      case FP16 -> FP16;
      case FP32, FP8, INT64, INT32, INT16, INT8, UINT8, BOOL -> FP32;
    };
  }

  /** Autocast to fp16 on fp16 weights, else to bf16. */
  public static Precision mixed(DataType dtype) {
    return dtype == DataType.FP16 ? FP16_MIXED : BF16_MIXED;
  }

  @Override
  public String label() {
    return label;
  }
}
