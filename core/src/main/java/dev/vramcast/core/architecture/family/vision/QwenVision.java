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
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.RoundedSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The vision encoders of Qwen2-VL to Qwen3.5, and those of the Omni models. */
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
    return qwen25(vision, "qwen2_5_vl", "Qwen2_5_VL", List.of("attn.qkv"));
  }

  /** Qwen2.5-Omni: as Qwen2.5-VL, with a projection each for queries, keys and values. */
  public static Tower omni25(ModelConfig vision) {
    return qwen25(vision, "qwen2_5_omni", "Qwen2_5Omni", List.of("attn.q", "attn.k", "attn.v"));
  }

  private static Tower qwen25(
      ModelConfig vision, String type, String prefix, List<String> projections) {
    long size = vision.size("hidden_size", 3584);
    long inner = vision.size("intermediate_size", 3420);
    long out = vision.size("out_hidden_size", 3584);
    TowerBuilder tower = patches(vision, size, false, 14);
    List<DecoderLayer> blocks = blocks25(vision, size, inner, projections);
    for (int i = 0; i < blocks.size(); i++) {
      tower.layer(block(i), blocks.get(i));
    }
    Norm norm = new Norm(PATH + ".merger.ln_q", Norm.Type.RMS, size, true, false);
    Projector projector = merger(tower, MERGER, norm, merged(vision, size), out, "mlp.0", "mlp.2");
    PatchEmbedding patches =
        embedding(vision, size, false, 14).order(PatchEmbedding.Order.IN_WINDOWS);
    VisionStack stack = stack(type, prefix, patches, LayerRuns.compress(blocks));
    return tower.build("vision", encoder(stack, projector, grid(vision, 14)));
  }

  /** A convolution over patches, which stand behind one another in time too. */
  public static PatchEmbedding embedding(
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

  /** One whose tokens are put together image by image, and have rotary tables of their own. */
  public static Encoder encoder(VisionStack stack, Projector projector, ImageGrid grid) {
    return Encoder.of(stack, projector, grid).joined(Encoder.Joining.BY_IMAGE).branching(List.of());
  }

  private static ImageGrid grid(ModelConfig vision, long defaultPatch) {
    return grid(vision, defaultPatch, LEAST_PIXELS, MOST_PIXELS);
  }

  /** Images of their own size within bounds, whose patches are merged in squares. */
  public static ImageGrid grid(ModelConfig vision, long defaultPatch, long least, long most) {
    return new RoundedSize(
        Math.toIntExact(vision.size("patch_size", defaultPatch)),
        Math.toIntExact(vision.size("spatial_merge_size", 2)),
        least,
        most);
  }

  private static List<LayerRun> repeated(DecoderLayer block, int count) {
    return List.of(new LayerRun(List.of(block), count));
  }

  private static Norm norm(String name, long size) {
    return new Norm(name, Norm.Type.LAYER, size, true, true);
  }

  private static PatchAttention attention(
      ModelConfig vision, long size, List<String> projections, int window) {
    int heads = Math.toIntExact(vision.size("num_heads", 16));
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    return new PatchAttention(
        heads,
        Math.toIntExact(size / heads),
        projections.stream()
            .map(name -> new Linear(name, size, 3 * size / projections.size(), true))
            .toList(),
        new Linear("attn.proj", size, size, true),
        window);
  }

  private static DecoderLayer plainBlock(ModelConfig vision, long size, PlainMlp mlp) {
    return DecoderLayer.builder()
        .mixer(attention(vision, size, List.of("attn.qkv"), 0))
        .mlp(mlp)
        .beforeMixer(Optional.of(norm("norm1", size)))
        .beforeMlp(Optional.of(norm("norm2", size)))
        .build();
  }

  private static List<DecoderLayer> blocks25(
      ModelConfig vision, long size, long inner, List<String> projections) {
    int side = Math.toIntExact(vision.size("window_size", 112) / vision.size("patch_size", 14));
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
              .mixer(attention(vision, size, projections, seesAll ? 0 : side * side))
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
    return qwen3(vision, "qwen3_vl", "Qwen3VL", branches(vision), Mergers.QWEN3);
  }

  /** Qwen3-Omni: as Qwen3-VL, with mergers of other names. */
  public static Tower omni3(ModelConfig vision) {
    return qwen3(vision, "qwen3_omni_moe", "Qwen3OmniMoe", branches(vision), Mergers.OMNI);
  }

  private static List<?> branches(ModelConfig vision) {
    return vision.values().containsKey("deepstack_visual_indexes")
        ? vision.list("deepstack_visual_indexes")
        : List.of(8, 16, 24);
  }

  /** What mergers and their parts are called. */
  private record Mergers(String list, String norm, String first, String second) {
    static final Mergers QWEN3 =
        new Mergers("deepstack_merger_list", "norm", "linear_fc1", "linear_fc2");
    static final Mergers OMNI = new Mergers("merger_list", "ln_q", "mlp.0", "mlp.2");

    Projector of(TowerBuilder tower, String path, long normed, long merged, long out) {
      Norm before = QwenVision.norm(path + "." + norm, normed);
      return merger(tower, path, before, merged, out, first, second);
    }
  }

  /** Qwen3.5: as Qwen3-VL, with one merger. */
  public static Tower qwen35(ModelConfig vision) {
    return qwen3(vision, "qwen3_5", "Qwen3_5", List.of(), Mergers.QWEN3);
  }

  private static Tower qwen3(
      ModelConfig vision, String type, String prefix, List<?> indexes, Mergers mergers) {
    long size = vision.size("hidden_size", 1152);
    long inner = vision.size("intermediate_size", 4304);
    long out = vision.size("out_hidden_size", 3584);
    TowerBuilder tower = patches(vision, size, true, 16);
    long positions = vision.size("num_position_embeddings", 2304);
    ParameterTensor table = TowerBuilder.lookup(PATH + ".pos_embed", positions, size);
    tower.tensor(table);
    PlainMlp mlp =
        new PlainMlp(
            new Linear("mlp.linear_fc1", size, inner, true),
            new Linear("mlp.linear_fc2", inner, size, true),
            Mlps.activation(vision, "hidden_act", "gelu_pytorch_tanh"));
    DecoderLayer block = plainBlock(vision, size, mlp);
    int count = depth(vision, 27);
    tower.layers(BLOCKS, block, count);
    long merged = merged(vision, size);
    Projector projector = mergers.of(tower, MERGER, size, merged, out);
    List<Encoder.Branch> branches = new ArrayList<>();
    for (int i = 0; i < indexes.size(); i++) {
      String path = PATH + "." + mergers.list() + "." + i;
      Projector own = mergers.of(tower, path, merged, merged, out);
      if (indexes.get(i) instanceof Number index && index.intValue() < count - 1) {
        branches.add(new Encoder.Branch(index.intValue() + 1, own));
      }
    }
    PatchEmbedding patches =
        embedding(vision, size, true, 16)
            .positions(table, PatchEmbedding.Positions.Code.INTERPOLATED)
            .inputEmbedding(PatchEmbedding.InputEmbedding.NONE);
    VisionStack stack = stack(type, prefix, patches, repeated(block, count));
    return tower.build("vision", encoder(stack, projector, grid(vision, 16)).branching(branches));
  }

  private static TowerBuilder patches(
      ModelConfig vision, long size, boolean bias, long defaultPatch) {
    return patches(new TowerBuilder(), vision, size, bias, defaultPatch);
  }

  /** The convolution over patches, which stand behind one another in time too. */
  public static TowerBuilder patches(
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

  private static long merged(ModelConfig vision, long size) {
    return size * VisionEncoders.square(vision.size("spatial_merge_size", 2));
  }

  /** Its layers. */
  public static int depth(ModelConfig vision, int fallback) {
    return VisionEncoders.layers(vision, "depth", fallback);
  }

  static String block(int index) {
    return BLOCKS + "." + index;
  }
}
