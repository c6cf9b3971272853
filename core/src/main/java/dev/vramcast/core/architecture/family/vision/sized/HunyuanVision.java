package dev.vramcast.core.architecture.family.vision.sized;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.RoundedSize;
import java.util.List;
import java.util.Optional;

/**
 * HunYuan-VL's tower, whose positions are stretched, and the convolutions that merge its patches
 * (transformers hunyuan_vl/modeling_hunyuan_vl.py).
 */
public final class HunyuanVision {

  private static final String PATH = "model.vision_tower";

  private static final String MERGER = PATH + ".patch_merger.";

  private static final SizedLayers LAYERS =
      new SizedLayers("self_attn", "o_proj", "layer_norm", "gelu");

  /** {@code size} of HunYuanVLImageProcessor. */
  private static final long LEAST_PIXELS = 512 * 512;

  private static final long MOST_PIXELS = 2_048 * 2_048;

  private HunyuanVision() {}

  /** Puts together the tower with its merger. */
  public static Tower read(ModelConfig vision) {
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack = stack(tower, vision);
    RoundedSize sized =
        new RoundedSize(
            Math.toIntExact(vision.size("patch_size", 16)),
            Math.toIntExact(vision.size("spatial_merge_size", 2)),
            LEAST_PIXELS,
            MOST_PIXELS);
    Projector merger = merger(tower, vision);
    return tower.build("vision", QwenVision.encoder(stack, merger, new RoundedSize.Rowed(sized)));
  }

  private static VisionStack stack(TowerBuilder tower, ModelConfig vision) {
    long size = vision.size("hidden_size", 1152);
    long inner = vision.size("intermediate_size", 4304);
    long patch = vision.size("patch_size", 16);
    long places = VisionEncoders.square(vision.size("max_image_size", 2048) / patch) + 1;
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 27);
    ParameterTensor table =
        TowerBuilder.lookup(PATH + ".embeddings.position_embedding", places, size);
    DecoderLayer layer = LAYERS.of(vision, size, inner, false);
    VisionEncoders.patches(tower, vision, PATH, size, patch)
        .tensor(table)
        .layers(PATH + ".layers", layer, count);
    long values = vision.size("num_channels", 3) * patch * patch;
    Linear convolution = new Linear(PATH + ".embeddings.patch_embedding", values, size, true);
    return new VisionStack(
        ModelTraits.LLAMA,
        new ModelingFile(
            "transformers/models/hunyuan_vl/modeling_hunyuan_vl.py",
            "HunYuanVLVision",
            "Block",
            ""),
        PatchEmbedding.of(convolution)
            .positions(table, PatchEmbedding.Positions.Code.STRETCHED)
            .inputEmbedding(PatchEmbedding.InputEmbedding.NONE)
            .pixels(PatchEmbedding.Pixels.CAST),
        PATH + ".layers",
        List.of(new LayerRun(List.of(layer), count)),
        Optional.empty(),
        VisionStack.Unread.NOTHING);
  }

  private static Projector merger(TowerBuilder tower, ModelConfig vision) {
    long size = vision.size("hidden_size", 1152);
    long out = vision.size("text_hidden_size", 3072);
    long merge = vision.size("spatial_merge_size", 2);
    Norm before = VisionEncoders.rms(MERGER + "before_rms", size);
    Norm after = VisionEncoders.rms(MERGER + "after_rms", out);
    Linear linear = new Linear(MERGER + "mlp", 4 * size, out, true);
    List<ParameterTensor> vectors =
        List.of(
            VisionEncoders.parameter(MERGER + "image_newline", 4 * size),
            VisionEncoders.parameter(MERGER + "image_begin", out),
            VisionEncoders.parameter(MERGER + "image_end", out),
            VisionEncoders.parameter(MERGER + "image_sep", out));
    tower
        .weight(MERGER + "proj_conv", true, 2 * size, size, merge, merge)
        .weight(MERGER + "proj_out", true, 4 * size, 2 * size, 1, 1)
        .linear(linear)
        .norm(before)
        .norm(after);
    vectors.forEach(tower::tensor);
    return new Projector.Framed(
        before,
        new Linear(MERGER + "proj_conv", size * merge * merge, 2 * size, true),
        new Linear(MERGER + "proj_out", 2 * size, 4 * size, true),
        linear,
        vectors,
        after,
        Mlps.activation(vision, "hidden_act", "gelu"));
  }
}
