package dev.vramcast.core.architecture.family.vision.sized;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Optional;

/**
 * MiniMax M3's tower, which rotates part of each head by frame, row and column, and the linears
 * that widen patches before they merge them (transformers minimax_m3_vl/modeling_minimax_m3_vl.py).
 */
public final class MiniMaxVision {

  private static final String PATH = "model.vision_tower";

  private static final String PROJECTOR = "model.multi_modal_projector.";

  private static final SizedLayers LAYERS =
      new SizedLayers("self_attn", "out_proj", "layer_norm", "gelu");

  /** {@code size} of MiniMaxM3VLImageProcessor. */
  private static final long LEAST_PIXELS = 4 * 28 * 28;

  private static final long MOST_PIXELS = 451_584;

  private MiniMaxVision() {}

  /** Puts together the tower of a model whose text is so wide. */
  public static Tower read(ModelConfig config, ModelConfig vision, long textHidden) {
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack = stack(tower, vision);
    Projector projector = projector(tower, config, vision, textHidden);
    return tower.build(
        "vision",
        Encoder.of(stack, projector, QwenVision.grid(vision, 14, LEAST_PIXELS, MOST_PIXELS))
            .joined(Encoder.Joining.BY_IMAGE));
  }

  private static VisionStack stack(TowerBuilder tower, ModelConfig vision) {
    long size = vision.size("hidden_size", 1280);
    long inner = vision.size("intermediate_size", 5120);
    long patch = vision.size("patch_size", 14);
    long frames = vision.size("temporal_patch_size", 2);
    long channels = vision.size("num_channels", 3);
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 32);
    long head = size / SizedLayers.heads(vision);
    // Three axes of equal numbers of pairs (compute_axial_rope_parameters).
    int turned = Math.toIntExact(3 * (head / 3 / 2) * 2);
    DecoderLayer layer = LAYERS.of(vision, size, inner, PatchAttention.Turn.partly(turned));
    Linear convolution =
        new Linear(PATH + ".embeddings.proj", channels * frames * patch * patch, size, false);
    Norm first = VisionEncoders.norm(PATH + ".pre_layrnorm", size);
    tower
        .weight(convolution.name(), false, size, channels, frames, patch, patch)
        .norm(first)
        .layers(PATH + ".layers", layer, count);
    return new VisionStack(
        ModelTraits.LLAMA,
        new ModelingFile(
            "transformers/models/minimax_m3_vl/modeling_minimax_m3_vl.py",
            "MiniMaxM3VLVision",
            "EncoderLayer",
            ""),
        PatchEmbedding.of(convolution)
            .norm(first)
            .inputEmbedding(PatchEmbedding.InputEmbedding.NONE),
        PATH + ".layers",
        List.of(new LayerRun(List.of(layer), count)),
        Optional.empty(),
        VisionStack.Unread.NOTHING);
  }

  private static Projector projector(
      TowerBuilder tower, ModelConfig config, ModelConfig vision, long hidden) {
    long inner = config.size("projector_hidden_size", 6144);
    long merged = hidden * VisionEncoders.square(vision.size("spatial_merge_size", 2));
    List<Linear> patches =
        List.of(
            new Linear(PROJECTOR + "linear_1", vision.size("hidden_size", 1280), inner, true),
            new Linear(PROJECTOR + "linear_2", inner, hidden, true));
    List<Linear> squares =
        List.of(
            new Linear(PROJECTOR + "merge_linear_1", merged, inner, true),
            new Linear(PROJECTOR + "merge_linear_2", inner, hidden, true));
    patches.forEach(tower::linear);
    squares.forEach(tower::linear);
    return new Projector.Twice(
        new Projector.Perceptron(Optional.empty(), patches, Activation.GELU),
        new Projector.Perceptron(Optional.empty(), squares, Activation.GELU));
  }
}
