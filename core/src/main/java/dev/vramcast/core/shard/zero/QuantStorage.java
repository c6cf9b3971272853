package dev.vramcast.core.shard.zero;

import dev.vramcast.core.shard.ParameterSpec;
import dev.vramcast.core.units.DataType;

/**
 * What a parameter is stored as: quantised weights are tensors of the compute dtype ({@code
 * quant_storage}).
 *
 * @param computed dtype of products
 */
record QuantStorage(ParameterSpec spec, DataType computed) {

  /** Elements of the tensor that holds it. */
  long elements() {
    return spec.elements() * spec.dtype().bytes() / stored().bytes();
  }

  /** Dtype of the tensor that holds it. */
  DataType stored() {
    return switch (spec.dtype()) {
      case FP32, BF16, FP16 -> spec.dtype();
      case FP8, INT64, INT32, INT16, INT8, UINT8, BOOL -> computed;
    };
  }
}
