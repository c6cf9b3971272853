package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.PerLayerInput;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import java.util.List;
import java.util.Optional;

/** Gemma 3n's and Gemma 4's second embedding, of which each layer reads a part. */
public final class PerLayerInputs {

  private PerLayerInputs() {}

  /** Features that each layer reads, 0 for none. */
  public static int size(ModelConfig config) {
    return Math.toIntExact(config.count("hidden_size_per_layer_input", 256));
  }

  /** Table and projection before the layers. */
  public static Optional<PerLayerInput.Table> table(ModelConfig config, Shape shape, int size) {
    if (size == 0) {
      return Optional.empty();
    }
    long rows = config.size("vocab_size_per_layer_input", 262_144);
    long width = (long) shape.layers() * size;
    return Optional.of(
        new PerLayerInput.Table(
            new ParameterTensor(
                "model.embed_tokens_per_layer.weight", List.of(rows, width), TensorGroup.EMBEDDING),
            new ParameterTensor(
                "model.per_layer_model_projection.weight",
                List.of(width, shape.hidden()),
                TensorGroup.EMBEDDING),
            new ParameterTensor(
                "model.per_layer_projection_norm.weight", List.of((long) size), TensorGroup.NORM)));
  }

  /** What each layer does with its part. */
  public static Optional<PerLayerInput> layer(long hidden, int size) {
    return size == 0
        ? Optional.empty()
        : Optional.of(
            new PerLayerInput(
                new Linear("per_layer_input_gate", hidden, size, false),
                new Linear("per_layer_projection", size, hidden, false),
                new ParameterTensor(
                    "post_per_layer_input_norm.weight", List.of(hidden), TensorGroup.NORM)));
  }
}
