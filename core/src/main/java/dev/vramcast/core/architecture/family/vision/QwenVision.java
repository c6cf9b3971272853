package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.LayerRuns;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.PatchAttention;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.RoundedSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The vision encoders of Qwen2-VL to Qwen3.5 and of GLM-4V. */
public final class QwenVision {

  private static final String PATH = "model.visual";

  private static final String BLOCKS = PATH + ".blocks";

  private static final String MERGER = PATH + ".merger";

  /** {@code preprocessor_config.json} of Qwen/Qwen2.5-VL-7B-Instruct. */
  private static final long LEAST_PIXELS = 3_136;

  private static final long MOST_PIXELS = 12_845_056;

  private QwenVision() {}

  /** Every patch of an image sees all others. */
  public static Tower qwen2(ModelConfig vision) {
    long size = vision.size("embed_dim", 1280);
    long inner = Keys.scaled(vision, "mlp_ratio", 4, size);
    long out = vision.size("hidden_size", 3584);
    TowerBuilder tower = patches(vision, size, false, 14);
    DecoderLayer block =
        plainBlock(
            vision,
            size,
            new PlainMlp(
                new Linear("mlp.fc1", size, inner, true),
                new Linear("mlp.fc2", inner, size, true),
                Mlps.activation(vision, "hidden_act", "quick_gelu")));
    int count = depth(vision, 32);
    tower.layers(BLOCKS, block, count);
    Projector projector =
        merger(
            tower,
            MERGER,
            norm(MERGER + ".ln_q", size),
            merged(vision, size),
            out,
            "mlp.0",
            "mlp.2");
    VisionStack stack =
        stack("qwen2_vl", "Qwen2VL", embedding(vision, size, false, 14), repeated(block, count));
    return tower.build("vision", encoder(stack, projector, grid(vision, 14)));
  }

  /** Windows of patches see each other, in some layers all patches of an image. */
  public static Tower qwen25(ModelConfig vision) {
    long size = vision.size("hidden_size", 3584);
    long inner = vision.size("intermediate_size", 3420);
    long out = vision.size("out_hidden_size", 3584);
    int patch = Math.toIntExact(vision.size("patch_size", 14));
    TowerBuilder tower = patches(vision, size, false, 14);
    List<DecoderLayer> blocks = blocks25(vision, size, inner, patch);
    for (int i = 0; i < blocks.size(); i++) {
      tower.layer(block(i), blocks.get(i));
    }
    Norm norm = new Norm(PATH + ".merger.ln_q", Norm.Type.RMS, size, true, false);
    Projector projector = merger(tower, MERGER, norm, merged(vision, size), out, "mlp.0", "mlp.2");
    PatchEmbedding patches =
        embedding(vision, size, false, 14).order(PatchEmbedding.Order.IN_WINDOWS);
    VisionStack stack = stack("qwen2_5_vl", "Qwen2_5_VL", patches, LayerRuns.compress(blocks));
    return tower.build("vision", encoder(stack, projector, grid(vision, 14)));
  }

  private static PatchEmbedding embedding(
      ModelConfig vision, long size, boolean bias, long defaultPatch) {
    long patch = vision.size("patch_size", defaultPatch);
    long values =
        vision.size("in_channels", 3) * vision.size("temporal_patch_size", 2) * patch * patch;
    return PatchEmbedding.of(new Linear(PATH + ".patch_embed.proj", values, size, bias));
  }

  private static Projector merger(
      TowerBuilder tower,
      String path,
      Norm norm,
      long merged,
      long out,
      String first,
      String second) {
    List<Linear> linears =
        List.of(
            new Linear(path + "." + first, merged, merged, true),
            new Linear(path + "." + second, merged, out, true));
    tower.norm(norm);
    linears.forEach(tower::linear);
    return new Projector.Perceptron(Optional.of(norm), linears, Activation.GELU);
  }

  private static VisionStack stack(
      String type, String prefix, PatchEmbedding patches, List<LayerRun> layers) {
    return new VisionStack(
        ModelTraits.LLAMA,
        new ModelingFile(
            "transformers/models/" + type + "/modeling_" + type + ".py", prefix, "VisionBlock", ""),
        patches,
        BLOCKS,
        layers,
        Optional.empty(),
        VisionStack.Unread.NOTHING);
  }

  private static Encoder encoder(VisionStack stack, Projector projector, ImageGrid grid) {
    return Encoder.of(stack, projector, grid).joined(Encoder.Joining.BY_IMAGE).branching(List.of());
  }

  private static ImageGrid grid(ModelConfig vision, long defaultPatch) {
    return new RoundedSize(
        Math.toIntExact(vision.size("patch_size", defaultPatch)),
        Math.toIntExact(vision.size("spatial_merge_size", 2)),
        LEAST_PIXELS,
        MOST_PIXELS);
  }

  private static List<LayerRun> repeated(DecoderLayer block, int count) {
    return List.of(new LayerRun(List.of(block), count));
  }

  private static Norm norm(String name, long size) {
    return new Norm(name, Norm.Type.LAYER, size, true, true);
  }

  private static PatchAttention attention(ModelConfig vision, long size, int window) {
    int heads = Math.toIntExact(vision.size("num_heads", 16));
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    return new PatchAttention(
        heads,
        Math.toIntExact(size / heads),
        new Linear("attn.qkv", size, 3 * size, true),
        new Linear("attn.proj", size, size, true),
        window);
  }

  private static DecoderLayer plainBlock(ModelConfig vision, long size, PlainMlp mlp) {
    return DecoderLayer.builder()
        .mixer(attention(vision, size, 0))
        .mlp(mlp)
        .beforeMixer(Optional.of(norm("norm1", size)))
        .beforeMlp(Optional.of(norm("norm2", size)))
        .build();
  }

  private static List<DecoderLayer> blocks25(ModelConfig vision, long size, long inner, int patch) {
    int side = Math.toIntExact(vision.size("window_size", 112) / patch);
    List<?> whole =
        vision.values().containsKey("fullatt_block_indexes")
            ? vision.list("fullatt_block_indexes")
            : List.of(7, 15, 23, 31);
    List<DecoderLayer> blocks = new ArrayList<>();
    for (int i = 0; i < depth(vision, 32); i++) {
      int index = i;
      boolean seesAll =
          whole.stream().anyMatch(w -> w instanceof Number n && n.intValue() == index);
      blocks.add(
          DecoderLayer.builder()
              .mixer(attention(vision, size, seesAll ? 0 : side * side))
              .mlp(
                  new GatedMlp(
                      List.of(
                          new Linear("mlp.gate_proj", size, inner, true),
                          new Linear("mlp.up_proj", size, inner, true)),
                      new Linear("mlp.down_proj", inner, size, true),
                      Mlps.activation(vision, "hidden_act", "silu")))
              .beforeMixer(Optional.of(new Norm("norm1", Norm.Type.RMS, size, true, false)))
              .beforeMlp(Optional.of(new Norm("norm2", Norm.Type.RMS, size, true, false)))
              .build());
    }
    return blocks;
  }

  /** Qwen3-VL: features of some layers enter the language model through mergers of their own. */
  public static Tower qwen3(ModelConfig vision) {
    List<?> indexes =
        vision.values().containsKey("deepstack_visual_indexes")
            ? vision.list("deepstack_visual_indexes")
            : List.of(8, 16, 24);
    return qwen3(vision, "qwen3_vl", "Qwen3VL", indexes);
  }

  /** Qwen3.5: as Qwen3-VL, with one merger. */
  public static Tower qwen35(ModelConfig vision) {
    return qwen3(vision, "qwen3_5", "Qwen3_5", List.of());
  }

  private static Tower qwen3(ModelConfig vision, String type, String prefix, List<?> indexes) {
    long size = vision.size("hidden_size", 1152);
    long inner = vision.size("intermediate_size", 4304);
    long out = vision.size("out_hidden_size", 3584);
    TowerBuilder tower = patches(vision, size, true, 16);
    long positions = vision.size("num_position_embeddings", 2304);
    tower.weight(PATH + ".pos_embed", false, positions, size);
    PlainMlp mlp =
        new PlainMlp(
            new Linear("mlp.linear_fc1", size, inner, true),
            new Linear("mlp.linear_fc2", inner, size, true),
            Mlps.activation(vision, "hidden_act", "gelu_pytorch_tanh"));
    DecoderLayer block = plainBlock(vision, size, mlp);
    int count = depth(vision, 27);
    tower.layers(BLOCKS, block, count);
    long merged = merged(vision, size);
    Projector projector = merger3(tower, PATH + ".merger", size, merged, out);
    List<Encoder.Branch> branches = new ArrayList<>();
    for (int i = 0; i < indexes.size(); i++) {
      String path = PATH + ".deepstack_merger_list." + i;
      Projector own = merger3(tower, path, merged, merged, out);
      if (indexes.get(i) instanceof Number index && index.intValue() < count - 1) {
        branches.add(new Encoder.Branch(index.intValue() + 1, own));
      }
    }
    ParameterTensor table =
        new ParameterTensor(PATH + ".pos_embed", List.of(positions, size), TensorGroup.TOWER);
    PatchEmbedding patches =
        embedding(vision, size, true, 16)
            .positions(table, PatchEmbedding.Positions.Code.INTERPOLATED)
            .inputEmbedding(PatchEmbedding.InputEmbedding.NONE);
    VisionStack stack = stack(type, prefix, patches, repeated(block, count));
    return tower.build("vision", encoder(stack, projector, grid(vision, 16)).branching(branches));
  }

  private static Projector merger3(
      TowerBuilder tower, String path, long normed, long merged, long out) {
    Norm norm = norm(path + ".norm", normed);
    return merger(tower, path, norm, merged, out, "linear_fc1", "linear_fc2");
  }

  /** GLM-4V: a convolution merges patches before a gated merger. */
  public static Tower glm(ModelConfig vision) {
    long size = vision.size("hidden_size", 1536);
    long out = vision.size("out_hidden_size", 4096);
    long inner = vision.size("intermediate_size", 13696);
    long merge = vision.size("spatial_merge_size", 2);
    boolean bias = vision.flag("attention_bias", false);
    long patch = vision.size("patch_size", 14);
    long positions = VisionEncoders.square(vision.size("image_size", 336) / patch);
    TowerBuilder tower = patches(vision, size, true, 14);
    tower
        .weight(PATH + ".embeddings.position_embedding", false, positions, size)
        .norm(PATH + ".post_conv_layernorm", size, false)
        .norm(PATH + ".post_layernorm", size, false)
        .weight(PATH + ".downsample", true, out, size, merge, merge);
    for (int i = 0; i < depth(vision, 24); i++) {
      String block = block(i);
      attention(tower, block, size, bias, false)
          .gatedMlp(block + ".mlp", size, out, false)
          .norm(block + ".norm1", size, false)
          .norm(block + ".norm2", size, false);
    }
    return tower
        .linear(PATH + ".merger.proj", out, out, false)
        .norm(PATH + ".merger.post_projection_norm", out, true)
        .gatedMlp(PATH + ".merger", out, inner, false)
        .build("vision");
  }

  private static TowerBuilder patches(
      ModelConfig vision, long size, boolean bias, long defaultPatch) {
    return patches(new TowerBuilder(), vision, size, bias, defaultPatch);
  }

  /** The convolution over patches, which stand behind one another in time too. */
  static TowerBuilder patches(
      TowerBuilder tower, ModelConfig vision, long size, boolean bias, long defaultPatch) {
    long patch = vision.size("patch_size", defaultPatch);
    return tower.weight(
        PATH + ".patch_embed.proj",
        bias,
        size,
        vision.size("in_channels", 3),
        vision.size("temporal_patch_size", 2),
        patch,
        patch);
  }

  private static TowerBuilder attention(
      TowerBuilder tower, String block, long size, boolean qkvBias, boolean outputBias) {
    return tower
        .linear(block + ".attn.qkv", size, 3 * size, qkvBias)
        .linear(block + ".attn.proj", size, size, outputBias);
  }

  private static long merged(ModelConfig vision, long size) {
    return size * VisionEncoders.square(vision.size("spatial_merge_size", 2));
  }

  private static int depth(ModelConfig vision, int fallback) {
    return VisionEncoders.layers(vision, "depth", fallback);
  }

  private static String block(int index) {
    return BLOCKS + "." + index;
  }
}
