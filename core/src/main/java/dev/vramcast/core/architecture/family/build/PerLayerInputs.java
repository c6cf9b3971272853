package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.List;

/** Gemma 3n's and Gemma 4's second embedding, of which each layer reads a part. */
public final class PerLayerInputs {

  private PerLayerInputs() {}

  /** Features that each layer reads, 0 for none. */
  public static int size(ModelConfig config) {
    return Math.toIntExact(config.count("hidden_size_per_layer_input", 256));
  }

  /** Tables and projections before the layers. */
  public static List<ParameterTensor> parameters(ModelConfig config, Shape shape, int size) {
    if (size == 0) {
      return List.of();
    }
    long rows = config.size("vocab_size_per_layer_input", 262_144);
    long width = (long) shape.layers() * size;
    return List.of(
        new ParameterTensor(
            "model.embed_tokens_per_layer.weight", List.of(rows, width), TensorGroup.EMBEDDING),
        new ParameterTensor(
            "model.per_layer_model_projection.weight",
            List.of(width, shape.hidden()),
            TensorGroup.EMBEDDING),
        new ParameterTensor(
            "model.per_layer_projection_norm.weight", List.of((long) size), TensorGroup.NORM));
  }

  /** Gate and projection in each layer. */
  public static List<Linear> linears(long hidden, int size) {
    return size == 0
        ? List.of()
        : List.of(
            new Linear("per_layer_input_gate", hidden, size, false),
            new Linear("per_layer_projection", size, hidden, false));
  }

  /** The norm after the projection in each layer. */
  public static ParameterTensor norm(long hidden) {
    return new ParameterTensor(
        "post_per_layer_input_norm.weight", List.of(hidden), TensorGroup.NORM);
  }
}
