package dev.vramcast.core.architecture.vision;

import dev.vramcast.core.architecture.mixer.CrossAttention;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What brings the hidden states of patches into the language model. */
public sealed interface Projector {

  /** The language model looks at the states as they are. */
  record Absent() implements Projector {}

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
   * @param gathering how patches come to lie beside each other
   */
  record Perceptron(
      Optional<Norm> norm, List<Linear> linears, Activation activation, Gathering gathering)
      implements Projector {

    public Perceptron {
      linears = List.copyOf(linears);
    }

    /** Over patches that are in order. */
    public Perceptron(Optional<Norm> norm, List<Linear> linears, Activation activation) {
      this(norm, linears, activation, Gathering.IN_ORDER);
    }
  }

  /** What a perceptron's input goes through. */
  enum Gathering {
    IN_ORDER,
    /** The class token is left out. */
    WITHOUT_CLASS,
    /** Squares of patches are brought together (Idefics3Connector.pixel_shuffle). */
    SHUFFLED,
    /** The same without the class token (InternVLModel.pixel_shuffle). */
    SHUFFLED_WITHOUT_CLASS,
    /**
     * Squares of all tiles are taken out side by side, padding among them, whose tokens are left
     * out behind the last linear (Lfm2VlModel.get_image_features of 5.24).
     */
    SQUARES_BY_NUMBER,
    /** The same before 5.24: squares of what is no padding, image by image. */
    SQUARES_OF_IMAGES,
    /**
     * Rows of patches are normalised, then squares brought together, image by image, whose tokens
     * are put together behind the last linear (PaddleOCRProjector).
     */
    SQUARES_BY_IMAGE
  }

  /**
   * A linear between two norms, the second of which has no weight, on states that lie feature by
   * feature (transformers Gemma3nMultimodalEmbedder).
   */
  record Normed(Norm before, Linear linear, Norm after) implements Projector {}

  /**
   * Squares of patches are unfolded and merged by a linear before the perceptron (transformers
   * Mistral3MultiModalProjector).
   *
   * @param norm of the patches
   */
  record Merged(Norm norm, Linear merging, Perceptron perceptron) implements Projector {}

  /**
   * Squares of patches are brought together; of what a linear makes of them one half, behind a
   * SiLU, gates the other (transformers Cohere2VisionMultiModalProjector).
   */
  record Halved(Optional<Norm> norm, Linear first, Linear second) implements Projector {}

  /**
   * A linear, a norm with a GELU behind it, and a gated MLP (transformers Glm4vVisionPatchMerger).
   */
  record Gated(Linear first, Norm norm, GatedMlp mlp) implements Projector {}

  /**
   * A perceptron over patches, and one over squares of what it gives (transformers
   * MiniMaxM3VLMultiModalProjector).
   */
  record Twice(Perceptron patches, Perceptron squares) implements Projector {}

  /**
   * Two convolutions, the first of which merges squares, and a linear, image by image, with learned
   * vectors behind each row and around all (transformers HunYuanVLVisionPatchMerger).
   *
   * @param before norm of the patches
   * @param merging a convolution as the product of a square
   * @param widening a convolution of one cell
   * @param vectors behind rows, before all, behind all, and one that nothing reads
   * @param after norm of the tokens
   */
  record Framed(
      Norm before,
      Linear merging,
      Linear widening,
      Linear linear,
      List<ParameterTensor> vectors,
      Norm after,
      Activation activation)
      implements Projector {

    public Framed {
      vectors = List.copyOf(vectors);
    }
  }

  /**
   * Probabilities of words times the rows of a table (transformers Ovis2VisualEmbeddingTable).
   *
   * @param marks words at the table's end that no patch is likely to be
   */
  record Looked(ParameterTensor table, int marks) implements Projector {

    /** Features of a row. */
    public long width() {
      return table.shape().get(1);
    }
  }

  /**
   * A gated MLP over patches, of whose results latents are made in layers (transformers
   * Idefics2Connector).
   *
   * @param latents so many rows, with which each image begins
   * @param last norm of what the layers make
   */
  record Resampled(GatedMlp first, ParameterTensor latents, List<Reading> layers, Norm last)
      implements Projector {

    public Resampled {
      layers = List.copyOf(layers);
    }

    /** Latents of an image. */
    public int count() {
      return Math.toIntExact(latents.shape().get(0));
    }

    /** The same with other projections. */
    public Resampled with(UnaryOperator<Linear> other) {
      List<Reading> all =
          layers.stream()
              .map(
                  each ->
                      new Reading(
                          each.ofLatents(),
                          each.ofStates(),
                          each.attention().with(other),
                          each.after(),
                          each.mlp().with(other)))
              .toList();
      return new Resampled(first.with(other), latents, all, last);
    }
  }

  /**
   * A layer in which latents look at states and at themselves (transformers
   * Idefics2PerceiverLayer).
   *
   * @param ofLatents norm before they look
   * @param ofStates norm of what they look at
   * @param after norm before the MLP
   */
  record Reading(
      Norm ofLatents, Norm ofStates, CrossAttention attention, Norm after, GatedMlp mlp) {}
}
