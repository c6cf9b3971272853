package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PooledSize;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Optional;

/**
 * What the unified Gemma 4 has in place of encoders: patches go through two linears, and so does
 * sound through one (transformers Gemma4UnifiedVisionEmbedder).
 */
public final class UnifiedVision {

  private static final String PATH = "model.embed_vision";

  /** {@code max_soft_tokens} of the image processor. */
  private static final int MOST_TOKENS = 280;

  private UnifiedVision() {}

  /**
   * What reads images.
   *
   * @param sight in which layers of the language model an image sees itself
   */
  public static Tower vision(ModelConfig vision, long textHidden, Encoder.Sight sight) {
    long side = vision.size("patch_size", 16) * vision.size("pooling_kernel_size", 3);
    long size = vision.size("mm_embed_dim", 3840);
    Norm before = VisionEncoders.norm(PATH + ".patch_ln1", 3 * side * side);
    Linear pixels = new Linear(PATH + ".patch_dense", 3 * side * side, size, true);
    Norm after = VisionEncoders.norm(PATH + ".patch_ln2", size);
    Norm last = VisionEncoders.norm(PATH + ".pos_norm", size);
    long places = vision.size("mm_posemb_size", 1120);
    ParameterTensor table = VisionEncoders.parameter(PATH + ".pos_embedding", places, 2, size);
    PatchEmbedding patches =
        PatchEmbedding.ofNormed(before, pixels, after)
            .positions(table, PatchEmbedding.Positions.Code.BY_AXES_AT_ONCE)
            .norm(last);
    long read = vision.size("output_proj_dims", 3840);
    String embedder = PATH + ".multimodal_embedder.";
    Linear projection = new Linear(embedder + "embedding_projection", read, textHidden, false);
    Norm norm =
        new Norm(
            embedder + "embedding_pre_projection_norm", Norm.Type.RMS_BY_POWER, read, false, false);
    VisionStack stack =
        new VisionStack(
            ModelTraits.LLAMA,
            new ModelingFile(
                "transformers/models/gemma4_unified/modeling_gemma4_unified.py",
                "Gemma4Unified",
                "VisionEmbedder",
                ""),
            patches,
            PATH,
            List.of(),
            Optional.empty(),
            VisionStack.Unread.NOTHING);
    Encoder encoder =
        Encoder.of(
                stack,
                new Projector.Perceptron(Optional.of(norm), List.of(projection), Activation.GELU),
                new PooledSize(Math.toIntExact(side), 1, MOST_TOKENS))
            .joined(Encoder.Joining.BY_IMAGE)
            .seen(sight);
    return new TowerBuilder()
        .tensor(table)
        .norm(before)
        .linear(pixels)
        .norm(after)
        .norm(last)
        .linear(projection)
        .build("vision", encoder);
  }

  /** What reads sound. */
  public static Tower audio(ModelConfig audio, long textHidden) {
    return new TowerBuilder()
        .linear(
            "model.embed_audio.embedding_projection",
            audio.size("audio_embed_dim", 640),
            textHidden,
            false)
        .build("audio");
  }
}
