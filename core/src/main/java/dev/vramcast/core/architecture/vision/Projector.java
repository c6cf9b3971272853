package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;
import java.util.Optional;

/** What brings the hidden states of patches into the language model. */
public sealed interface Projector {

  /**
   * Averages of squares of patches, normalised and multiplied with a bare parameter (transformers
   * Gemma3MultiModalProjector).
   */
  record Pooled(Norm norm, Linear weight) implements Projector {}

  /**
   * Linears with an activation between them, over patches that lie beside each other (transformers
   * LlavaMultiModalProjector, Qwen2_5_VLPatchMerger).
   *
   * @param norm of the input
   */
  record Perceptron(Optional<Norm> norm, List<Linear> linears, Activation activation)
      implements Projector {

    public Perceptron {
      linears = List.copyOf(linears);
    }
  }
}
