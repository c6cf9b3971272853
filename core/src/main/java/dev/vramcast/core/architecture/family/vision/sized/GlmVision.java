package dev.vramcast.core.architecture.family.vision.sized;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.MoeBuilder;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Optional;

/** GLM-4V's and GLM-OCR's vision encoder: a convolution merges patches before a gated merger. */
public final class GlmVision {

  private static final String PATH = "model.visual";

  /**
   * Bounds of an image's pixels: half of those of {@code Glm4vImageProcessor}, which counts two
   * frames of each.
   */
  private static final long LEAST_PIXELS = 112 * 112 / 2;

  private static final long MOST_PIXELS = 28 * 28 * 15_000 / 2;

  private GlmVision() {}

  /** Puts together the tower with its merger. */
  public static Tower read(ModelConfig vision) {
    return read(vision, ModelTraits.LLAMA);
  }

  /** The same beside experts, to whose stacks PEFT moves targets of these names, in it as well. */
  public static Tower besideExperts(ModelConfig vision) {
    return read(
        vision,
        ModelTraits.builder()
            .rewritesTargets(Versions.since(5, 0), MoeBuilder.PROJECTIONS)
            .build());
  }

  private static Tower read(ModelConfig vision, ModelTraits traits) {
    long size = vision.size("hidden_size", 1536);
    long out = vision.size("out_hidden_size", 4096);
    TowerBuilder tower = QwenVision.patches(new TowerBuilder(), vision, size, true, 14);
    ModelingFile file =
        new ModelingFile("transformers/models/glm4v/modeling_glm4v.py", "Glm4v", "VisionBlock", "");
    PatchEmbedding patches = patches(tower, vision, size);
    VisionStack stack = stack(vision, traits, file, patches, block(vision, size, out));
    return whole(tower, vision, stack, out, vision.size("intermediate_size", 13696));
  }

  /** GLM-OCR's: norms of queries and keys, biases, and no table of positions. */
  public static Tower ocr(ModelConfig vision) {
    long size = vision.size("hidden_size", 1024);
    long out = vision.size("out_hidden_size", 1536);
    TowerBuilder tower = QwenVision.patches(new TowerBuilder(), vision, size, true, 14);
    PatchEmbedding patches =
        QwenVision.embedding(vision, size, true, 14)
            .inputEmbedding(PatchEmbedding.InputEmbedding.NONE);
    ModelingFile file =
        new ModelingFile(
            "transformers/models/glm_ocr/modeling_glm_ocr.py", "GlmOcr", "VisionBlock", "");
    VisionStack stack = stack(vision, ModelTraits.LLAMA, file, patches, ocrBlock(vision, size));
    return whole(tower, vision, stack, out, out * vision.size("in_channels", 3));
  }

  private static VisionStack stack(
      ModelConfig vision,
      ModelTraits traits,
      ModelingFile file,
      PatchEmbedding patches,
      DecoderLayer layer) {
    return new VisionStack(
        traits,
        file,
        patches,
        PATH + ".blocks",
        List.of(new LayerRun(List.of(layer), QwenVision.depth(vision, 24))),
        Optional.of(VisionEncoders.rms(PATH + ".post_layernorm", patches.projection().out())),
        VisionStack.Unread.NOTHING);
  }

  /** Layers, their norm, and the merger, whose gated MLP is as wide as {@code inner}. */
  private static Tower whole(
      TowerBuilder tower, ModelConfig vision, VisionStack stack, long out, long inner) {
    LayerRun blocks = stack.layers().read().get(0);
    Norm after = stack.layers().after().orElseThrow();
    long merge = vision.size("spatial_merge_size", 2);
    tower
        .layers(PATH + ".blocks", blocks.period().get(0), blocks.times())
        .norm(after)
        .weight(PATH + ".downsample", true, out, after.size(), merge, merge);
    Linear squares = new Linear(PATH + ".downsample", after.size() * merge * merge, out, true);
    ImageGrid grid = QwenVision.grid(vision, 14, LEAST_PIXELS, MOST_PIXELS);
    Projector merger = merger(tower, vision, out, inner);
    return tower.build(
        "vision", QwenVision.encoder(stack.pooled(new PatchPool.Convolved(squares)), merger, grid));
  }

  private static PatchEmbedding patches(TowerBuilder tower, ModelConfig vision, long size) {
    long positions =
        VisionEncoders.square(vision.size("image_size", 336) / vision.size("patch_size", 14));
    ParameterTensor table =
        TowerBuilder.lookup(PATH + ".embeddings.position_embedding", positions, size);
    Norm first = VisionEncoders.rms(PATH + ".post_conv_layernorm", size);
    tower.tensor(table).norm(first);
    return QwenVision.embedding(vision, size, true, 14)
        .positions(table, PatchEmbedding.Positions.Code.SAMPLED)
        .norm(first)
        .inputEmbedding(PatchEmbedding.InputEmbedding.NONE);
  }

  private static DecoderLayer block(ModelConfig vision, long size, long inner) {
    int heads = heads(vision, size, 12);
    boolean bias = vision.flag("attention_bias", false);
    return layer(
        attention(size, heads, bias, false), gated(vision, "mlp.", size, inner, false), size);
  }

  private static DecoderLayer ocrBlock(ModelConfig vision, long size) {
    int heads = heads(vision, size, 16);
    boolean bias = vision.flag("attention_bias", true);
    PatchAttention attention = attention(size, heads, bias, bias);
    int head = attention.headSize();
    return layer(
        attention.normed(
            VisionEncoders.rms("attn.q_norm", head), VisionEncoders.rms("attn.k_norm", head)),
        gated(vision, "mlp.", size, vision.size("intermediate_size", 4096), bias),
        size);
  }

  private static int heads(ModelConfig vision, long size, int fallback) {
    int heads = Math.toIntExact(vision.size("num_heads", fallback));
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    return heads;
  }

  private static PatchAttention attention(long size, int heads, boolean bias, boolean outputBias) {
    return new PatchAttention(
        heads,
        Math.toIntExact(size / heads),
        List.of(new Linear("attn.qkv", size, 3 * size, bias)),
        new Linear("attn.proj", size, size, outputBias),
        0);
  }

  private static DecoderLayer layer(PatchAttention attention, GatedMlp mlp, long size) {
    return DecoderLayer.builder()
        .mixer(attention)
        .mlp(mlp)
        .beforeMixer(Optional.of(VisionEncoders.rms("norm1", size)))
        .beforeMlp(Optional.of(VisionEncoders.rms("norm2", size)))
        .build();
  }

  private static Projector merger(TowerBuilder tower, ModelConfig vision, long out, long inner) {
    String path = PATH + ".merger.";
    Linear first = new Linear(path + "proj", out, out, false);
    Norm norm = VisionEncoders.norm(path + "post_projection_norm", out);
    GatedMlp mlp = gated(vision, path, out, inner, false);
    tower.linear(first).norm(norm);
    mlp.linears().forEach(tower::linear);
    return new Projector.Gated(first, norm, mlp);
  }

  private static GatedMlp gated(
      ModelConfig vision, String path, long size, long inner, boolean bias) {
    Activation activation = Mlps.activation(vision, "hidden_act", "silu");
    return new GatedMlp(
        List.of(
            new Linear(path + "gate_proj", size, inner, bias),
            new Linear(path + "up_proj", size, inner, bias)),
        new Linear(path + "down_proj", inner, size, bias),
        activation);
  }
}
