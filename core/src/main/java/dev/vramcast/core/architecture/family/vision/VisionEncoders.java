package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.tensor.TensorGroup;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.Versions;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Vision transformers that several models share: SigLIP and CLIP. */
public final class VisionEncoders {

  private static final String LAYERS = ".encoder.layers";
  private static final String PATCHES = ".embeddings.patch_embedding";

  private VisionEncoders() {}

  /**
   * SigLIP with its attention-pooling head when {@code headByDefault} or the config says so.
   *
   * @param path of the vision model
   */
  public static VisionStack siglip(
      TowerBuilder tower, ModelConfig vision, String path, boolean headByDefault) {
    long size = vision.size("hidden_size", 768);
    long inner = vision.size("intermediate_size", 3072);
    long patch = vision.size("patch_size", 16);
    long positions = square(vision.size("image_size", 224) / patch);
    long channels = vision.size("num_channels", 3);
    String embedding = path + PATCHES;
    ParameterTensor table =
        TowerBuilder.lookup(path + ".embeddings.position_embedding", positions, size);
    patches(tower, vision, path, size, patch).tensor(table);
    DecoderLayer layer = siglipLayer(vision, size, inner, "gelu_pytorch_tanh");
    int count = layers(vision, "num_hidden_layers", 12);
    tower.layers(path + LAYERS, layer, count).norm(path + ".post_layernorm", size, true);
    if (vision.flag("vision_use_head", headByDefault)) {
      siglipHead(tower, path + ".head", size, inner);
    }
    return new VisionStack(
        ModelTraits.LLAMA,
        new ModelingFile(
            "transformers/models/siglip/modeling_siglip.py", "Siglip", "EncoderLayer", ""),
        PatchEmbedding.of(new Linear(embedding, channels * patch * patch, size, true))
            .positions(table, PatchEmbedding.Positions.Code.LOOKED_UP),
        path + LAYERS,
        List.of(new LayerRun(List.of(layer), count)),
        Optional.of(norm(path + ".post_layernorm", size)),
        VisionStack.Unread.NOTHING);
  }

  /** The convolution over patches, which has a bias. */
  public static TowerBuilder patches(
      TowerBuilder tower, ModelConfig vision, String path, long size, long patch) {
    return tower.weight(path + PATCHES, true, size, vision.size("num_channels", 3), patch, patch);
  }

  /** An {@code nn.Parameter} of a tower's. */
  public static ParameterTensor parameter(String name, long... shape) {
    return new ParameterTensor(name, Arrays.stream(shape).boxed().toList(), TensorGroup.TOWER);
  }

  /** SigLIP 2, whose patches are flattened before a linear. */
  public static VisionStack siglip2(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 768);
    long inner = vision.size("intermediate_size", 3072);
    long patch = vision.size("patch_size", 16);
    long positions = vision.size("num_patches", 256);
    Linear projection =
        new Linear(path + PATCHES, vision.size("num_channels", 3) * patch * patch, size, true);
    ParameterTensor table =
        TowerBuilder.lookup(path + ".embeddings.position_embedding", positions, size);
    DecoderLayer layer = siglipLayer(vision, size, inner, "gelu_pytorch_tanh");
    int count = layers(vision, "num_hidden_layers", 12);
    Norm last = norm(path + ".post_layernorm", size);
    tower.linear(projection).tensor(table).layers(path + LAYERS, layer, count).norm(last);
    if (vision.flag("vision_use_head", true)) {
      siglipHead(tower, path + ".head", size, inner);
    }
    return new VisionStack(
        ModelTraits.builder()
            .alwaysMasks(Versions.until(5, 2))
            .additiveMasks(Versions.until(5, 2))
            .build(),
        new ModelingFile(
            "transformers/models/siglip2/modeling_siglip2.py", "Siglip2", "EncoderLayer", ""),
        PatchEmbedding.ofPatches(projection)
            .positions(table, PatchEmbedding.Positions.Code.RESIZED),
        path + LAYERS,
        List.of(new LayerRun(List.of(layer), count)),
        Optional.of(last),
        VisionStack.Unread.NOTHING);
  }

  /** Attention with a projection each for queries, keys and values, and no positions. */
  static Attention attention(
      ModelConfig vision, int heads, long size, String output, boolean bias) {
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    return Attention.builder()
        .heads(heads)
        .kvHeads(heads)
        .headSize(Math.toIntExact(size / heads))
        .qkv(
            List.of(
                new Linear("self_attn.q_proj", size, size, bias),
                new Linear("self_attn.k_proj", size, size, bias),
                new Linear("self_attn.v_proj", size, size, bias)))
        .output(new Linear("self_attn." + output, size, size, bias))
        .rotary(Rotary.NONE)
        .build();
  }

  /** Two linears with biases. */
  public static PlainMlp mlp(ModelConfig vision, long size, long inner, String activation) {
    return new PlainMlp(
        new Linear("mlp.fc1", size, inner, true),
        new Linear("mlp.fc2", inner, size, true),
        Mlps.activation(vision, "hidden_act", activation));
  }

  static void siglipLayers(
      TowerBuilder tower, ModelConfig vision, String path, long size, long inner) {
    int layers = layers(vision, "num_hidden_layers", 12);
    tower.layers(path + LAYERS, siglipLayer(vision, size, inner, "gelu_pytorch_tanh"), layers);
  }

  private static DecoderLayer siglipLayer(
      ModelConfig vision, long size, long inner, String activation) {
    int heads = Math.toIntExact(vision.size("num_attention_heads", 12));
    return DecoderLayer.builder()
        .mixer(attention(vision, heads, size, "out_proj", true))
        .mlp(mlp(vision, size, inner, activation))
        .beforeMixer(Optional.of(norm("layer_norm1", size)))
        .beforeMlp(Optional.of(norm("layer_norm2", size)))
        .build();
  }

  public static Norm norm(String name, long size) {
    return new Norm(name, Norm.Type.LAYER, size, true, true);
  }

  /** An RMS norm with weights. */
  public static Norm rms(String name, long size) {
    return new Norm(name, Norm.Type.RMS, size, true, false);
  }

  private static void siglipHead(TowerBuilder tower, String path, long size, long inner) {
    tower
        .tensor(path + ".probe", 1, 1, size)
        .tensor(path + ".attention.in_proj_weight", 3 * size, size)
        .tensor(path + ".attention.in_proj_bias", 3 * size)
        .linear(path + ".attention.out_proj", size, size, true)
        .norm(path + ".layernorm", size, true)
        .mlp(path + ".mlp", "fc1", "fc2", size, inner, true);
  }

  /** CLIP, whose last norm sees the class token alone. */
  public static VisionStack clip(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 768);
    long inner = vision.size("intermediate_size", 3072);
    long patch = vision.size("patch_size", 32);
    long positions = square(vision.size("image_size", 224) / patch) + 1;
    long channels = vision.size("num_channels", 3);
    String embeddings = path + ".embeddings";
    Linear convolution =
        new Linear(embeddings + ".patch_embedding", channels * patch * patch, size, false);
    ParameterTensor table =
        TowerBuilder.lookup(embeddings + ".position_embedding", positions, size);
    ParameterTensor token = parameter(embeddings + ".class_embedding", size);
    Norm first = norm(path + ".pre_layrnorm", size);
    DecoderLayer layer = siglipLayer(vision, size, inner, "quick_gelu");
    int count = layers(vision, "num_hidden_layers", 12);
    tower
        .tensor(token.name(), size)
        .weight(convolution.name(), false, size, channels, patch, patch)
        .tensor(table)
        .norm(first)
        .layers(path + LAYERS, layer, count)
        .norm(path + ".post_layernorm", size, true);
    return new VisionStack(
        ModelTraits.LLAMA,
        new ModelingFile("transformers/models/clip/modeling_clip.py", "CLIP", "EncoderLayer", ""),
        PatchEmbedding.of(convolution)
            .positions(table, PatchEmbedding.Positions.Code.LOOKED_UP)
            .classToken(token)
            .norm(first),
        path + LAYERS,
        List.of(new LayerRun(List.of(layer), count)),
        Optional.empty(),
        new VisionStack.Unread(
            List.of(), Optional.empty(), List.of(parameter(path + ".post_layernorm", 2 * size))));
  }

  /** Images of the size that the tower was made for. */
  public static ImageGrid fixed(ModelConfig vision, long tokens, int marks) {
    return fixed(patches(vision), tokens, marks);
  }

  /** Images of one size. */
  public static ImageGrid fixed(long patches, long tokens, int marks) {
    return new ImageGrid.Fixed(
        ImageGrid.Parts.whole(Math.toIntExact(patches), Math.toIntExact(tokens), marks));
  }

  /** Patches of an image of that size. */
  public static long patches(ModelConfig vision) {
    return square(vision.size("image_size", 224) / vision.size("patch_size", 16));
  }

  /** Number of layers of a tower. */
  public static int layers(ModelConfig config, String key, int fallback) {
    return config.optionalSize(key).isPresent() ? Shape.layers(config, key) : fallback;
  }

  /** A length given once or for both sides. */
  public static long side(ModelConfig config, String key, long fallback) {
    Object value = config.values().get(key);
    return value instanceof List<?> sides && sides.get(0) instanceof Number side
        ? side.longValue()
        : config.size(key, fallback);
  }

  public static long square(long side) {
    return side * side;
  }
}
