package dev.vramcast.core.architecture.family.vision.sized;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.RoundedSize;
import java.util.List;
import java.util.Optional;

/**
 * MoonViT and two linears on squares of its patches, as Kimi K2.5 has them (transformers
 * kimi_k25/modeling_kimi_k25.py).
 */
public final class MoonVision {

  private static final String PATH = "model.vision_tower";

  private static final String PROJECTOR = "model.mm_projector.";

  private static final SizedLayers LAYERS = new SizedLayers("attn", "proj", "norm", "gelu");

  /** {@code max_patches} of Kimi_K25ImageProcessor. */
  private static final long MOST_PATCHES = 16_384;

  /** {@code max_height} and {@code max_width} of its {@code size}, which it counts in patches. */
  private static final int PATCHES_OF_A_SIDE = 512;

  /** Begin, kind, begin of the content, and end (processing_kimi_k25.py). */
  private static final int MARKS = 4;

  private MoonVision() {}

  /** Puts together the tower of a model whose text is so wide. */
  public static Tower read(ModelConfig config, ModelConfig vision, long textHidden) {
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack = stack(tower, vision);
    List<?> kernel = vision.list("merge_kernel_size");
    long high = side(kernel, 0);
    long wide = side(kernel, 1);
    Projector projector =
        projector(tower, config, vision.size("hidden_size", 1152) * high * wide, textHidden);
    return high == wide
        ? tower.build("vision", QwenVision.encoder(stack, projector, grid(vision, high)))
        : tower.build("vision");
  }

  private static long side(List<?> kernel, int index) {
    return kernel.size() == 2 && kernel.get(index) instanceof Number side ? side.longValue() : 2;
  }

  private static VisionStack stack(TowerBuilder tower, ModelConfig vision) {
    long size = vision.size("hidden_size", 1152);
    long inner = vision.size("intermediate_size", 4304);
    long patch = vision.size("patch_size", 14);
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 27);
    Linear convolution = new Linear(PATH + ".patch_embed.proj", 3 * patch * patch, size, true);
    ParameterTensor table =
        VisionEncoders.parameter(
            PATH + ".patch_embed.pos_emb.position_embeddings",
            vision.size("pos_emb_height", 64),
            vision.size("pos_emb_width", 64),
            size);
    DecoderLayer layer = LAYERS.of(vision, size, inner, true);
    Norm last = VisionEncoders.norm(PATH + ".final_layernorm", size);
    tower
        .weight(convolution.name(), true, size, 3, patch, patch)
        .tensor(table)
        .layers(PATH + ".layers", layer, count)
        .norm(last);
    return new VisionStack(
            ModelTraits.LLAMA,
            new ModelingFile(
                "transformers/models/kimi_k25/modeling_kimi_k25.py",
                "Kimi_K25Vision",
                "EncoderLayer",
                ""),
            PatchEmbedding.of(convolution)
                .positions(table, PatchEmbedding.Positions.Code.WEIGHTED)
                .inputEmbedding(PatchEmbedding.InputEmbedding.NONE)
                .pixels(PatchEmbedding.Pixels.UNCAST),
            PATH + ".layers",
            List.of(new LayerRun(List.of(layer), count)),
            Optional.of(last),
            VisionStack.Unread.NOTHING)
        .pooled(new PatchPool.Frames());
  }

  private static Projector projector(
      TowerBuilder tower, ModelConfig config, long merged, long textHidden) {
    Norm norm =
        VisionEncoders.norm(PROJECTOR + "pre_norm", config.size("projection_hidden_size", 1152));
    List<Linear> linears =
        List.of(
            new Linear(PROJECTOR + "in_proj", merged, merged, true),
            new Linear(PROJECTOR + "out_proj", merged, textHidden, true));
    tower.norm(norm);
    linears.forEach(tower::linear);
    return new Projector.Perceptron(Optional.of(norm), linears, Activation.GELU);
  }

  /** With the defaults of Kimi_K25ImageProcessor, and marks that stand around a film's chunks. */
  private static ImageGrid grid(ModelConfig vision, long merge) {
    return new RoundedSize.Shrunk(
        Math.toIntExact(vision.size("patch_size", 14)),
        Math.toIntExact(merge),
        MOST_PATCHES,
        PATCHES_OF_A_SIDE,
        MARKS);
  }
}
