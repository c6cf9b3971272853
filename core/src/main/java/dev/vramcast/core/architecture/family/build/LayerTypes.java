package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/** What differs from layer to layer. */
public final class LayerTypes {

  private LayerTypes() {}

  /** Elements of {@code layer_types}, or what {@code fallback} says of a layer when absent. */
  public static IntFunction<String> of(
      ModelConfig config, int layers, IntFunction<String> fallback) {
    return of(config, "layer_types", layers, fallback);
  }

  /** Elements of the list {@code key}, or what {@code fallback} says of a layer when absent. */
  public static IntFunction<String> of(
      ModelConfig config, String key, int layers, IntFunction<String> fallback) {
    List<?> types = config.list(key);
    if (types.isEmpty()) {
      return fallback;
    }
    if (types.size() < layers) {
      throw config
          .about(key)
          .and(" has ", types.size(), " entries for ", layers, " layers")
          .refusal();
    }
    return layer -> String.valueOf(types.get(layer));
  }

  /**
   * The sliding window of each layer, 0 for none.
   *
   * @param sliding which layers have one when {@code layer_types} is absent
   */
  public static IntUnaryOperator windows(
      ModelConfig config, int layers, int window, IntPredicate sliding) {
    IntFunction<String> types =
        of(config, layers, layer -> sliding.test(layer) ? "sliding_attention" : "full_attention");
    return layer -> types.apply(layer).equals("full_attention") ? 0 : window;
  }

  /** Layers that {@code mlp_layer_types} calls dense; when absent, the first so many. */
  public static IntPredicate dense(ModelConfig config, int layers, long first) {
    IntFunction<String> types =
        of(config, "mlp_layer_types", layers, layer -> layer < first ? "dense" : "sparse");
    return layer -> types.apply(layer).equals("dense");
  }

  /** All layers but every {@code pattern}-th. */
  public static IntPredicate butEvery(long pattern) {
    return layer -> (layer + 1) % pattern != 0;
  }

  /** {@code sliding_window}: its default when absent, 0 when null. */
  public static int window(ModelConfig config, int fallback) {
    int absent = config.values().containsKey("sliding_window") ? 0 : fallback;
    return (int) Math.min(Integer.MAX_VALUE, config.count("sliding_window", absent));
  }

  /** Rotated features of a head for {@code partial_rotary_factor}. */
  public static int rotaryDimensions(ModelConfig config, int headSize, double fallback) {
    double inRope =
        config
            .nested("rope_parameters")
            .map(rope -> rope.number("partial_rotary_factor", fallback))
            .orElse(fallback);
    double factor = config.number("partial_rotary_factor", inRope);
    if (factor < 0 || factor > 1) {
      throw config
          .about("partial_rotary_factor")
          .is(factor)
          .allowed("a number from 0 to 1")
          .refusal();
    }
    return (int) (headSize * factor);
  }
}
