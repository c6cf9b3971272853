package dev.vramcast.catalog.weights;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * The weights of a model as they lie on disk.
 *
 * @param byType elements and bytes of each element type; empty when the files have no header that
 *     says so ({@code .bin})
 * @param tensors every tensor with name and shape, empty when unknown
 * @param bytes of all tensors together, without headers
 * @param quantized whether the tensors look packed or scaled, so that their elements do not count
 *     the model's parameters
 */
public record StoredWeights(
    Map<StoredType, Amount> byType, List<StoredTensor> tensors, long bytes, boolean quantized) {

  /** Elements and bytes of the tensors of one type. */
  public record Amount(long elements, long bytes) {}

  private static final List<String> QUANTIZED_NAMES =
      List.of(
          ".qweight",
          ".qzeros",
          ".scales",
          ".absmax",
          ".quant_map",
          ".weight_scale",
          ".weight_scale_inv",
          ".weight_packed",
          "_blocks",
          "_scales",
          ".SCB");

  public StoredWeights {
    byType = Map.copyOf(byType);
    tensors = List.copyOf(tensors);
  }

  /** Sums up the tensors of all files. */
  static StoredWeights of(List<StoredTensor> tensors) {
    Map<StoredType, Amount> byType = new EnumMap<>(StoredType.class);
    long bytes = 0;
    for (StoredTensor tensor : tensors) {
      bytes = Math.addExact(bytes, tensor.bytes());
      byType.merge(
          tensor.type(),
          new Amount(tensor.elements(), tensor.bytes()),
          (a, b) ->
              new Amount(
                  Math.addExact(a.elements(), b.elements()), Math.addExact(a.bytes(), b.bytes())));
    }
    boolean quantized =
        tensors.stream().anyMatch(t -> QUANTIZED_NAMES.stream().anyMatch(t.name()::endsWith));
    return new StoredWeights(byType, tensors, bytes, quantized);
  }

  /** Elements of all tensors. */
  public long elements() {
    return byType.values().stream().mapToLong(Amount::elements).sum();
  }
}
