package dev.vramcast.core.units;

/** Element type of a tensor, with its size in bytes. */
public enum DataType {
  FP32("fp32", 4),
  BF16("bf16", 2),
  FP16("fp16", 2),
  FP8("fp8", 1),
  INT64("int64", 8),
  INT32("int32", 4),
  INT16("int16", 2),
  INT8("int8", 1),
  UINT8("uint8", 1),
  BOOL("bool", 1);

  private final String label;
  private final int bytes;

  DataType(String label, int bytes) {
    this.label = label;
    this.bytes = bytes;
  }

  /** The name used in job documents and reports. */
  public String label() {
    return label;
  }

  /**
   * That of what is made of elements of both (c10/core/ScalarType.cpp promoteTypes): the wider one;
   * fp32 for two of 16 bits that differ.
   */
  public DataType promotedWith(DataType other) {
    boolean halves = this == BF16 && other == FP16 || this == FP16 && other == BF16;
    if (halves) {
      return FP32;
    }
    return other.bytes > bytes ? other : this;
  }

  /** Bytes of one element. */
  public int bytes() {
    return bytes;
  }
}
