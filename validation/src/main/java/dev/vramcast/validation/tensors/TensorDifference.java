package dev.vramcast.validation.tensors;

import java.util.List;

/**
 * Tensors of one dtype and size, of which an estimate and a measured run have different numbers.
 *
 * @param elements of one
 * @param estimated modules that have more of them in the estimate, one line each
 * @param measured modules that have more of them in the run, one line each
 */
public record TensorDifference(
    String dtype,
    long elements,
    long estimatedCount,
    long measuredCount,
    long estimatedBytes,
    long measuredBytes,
    List<String> estimated,
    List<String> measured) {

  public TensorDifference {
    estimated = List.copyOf(estimated);
    measured = List.copyOf(measured);
  }

  /** Above 0 where the estimate has more. */
  public long bytes() {
    return estimatedBytes - measuredBytes;
  }
}
