package dev.vramcast.catalog.weights;

import java.util.Arrays;
import java.util.Optional;

/** Element types of the safetensors format. */
public enum StoredType {
  F64(64),
  F32(32),
  F16(16),
  BF16(16),
  F8_E4M3(8),
  F8_E5M2(8),
  F8_E8M0(8),
  F8_E4M3FNUZ(8),
  F8_E5M2FNUZ(8),
  F6_E2M3(6),
  F6_E3M2(6),
  F4(4),
  C64(64),
  I64(64),
  U64(64),
  I32(32),
  U32(32),
  I16(16),
  U16(16),
  I8(8),
  U8(8),
  BOOL(8);

  private final int bits;

  StoredType(int bits) {
    this.bits = bits;
  }

  /** The type of this name in a header. */
  static Optional<StoredType> of(String name) {
    return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
  }

  /** Bits of one element. */
  public int bits() {
    return bits;
  }
}
