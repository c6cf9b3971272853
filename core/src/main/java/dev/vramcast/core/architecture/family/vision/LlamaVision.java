package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Keys;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.mixer.Rotary;
import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.mlp.PlainMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.traits.RotaryCode;
import dev.vramcast.core.architecture.vision.CutCanvas;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchPool;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.List;
import java.util.Optional;

/** The vision encoder of Llama 4: tiles, rotated by complex numbers, whose squares are shuffled. */
public final class LlamaVision {

  private static final String PATH = "vision_model";

  /** {@code Llama4ImageProcessor.max_patches}. */
  private static final int MOST_TILES = 16;

  private LlamaVision() {}

  /** Puts together the tower with its projector. */
  public static Tower llama4(ModelConfig vision, long textHidden) {
    checkSides(vision);
    long size = vision.size("hidden_size", 768);
    TowerBuilder tower = new TowerBuilder();
    PatchEmbedding patches = patches(tower, vision, size);
    DecoderLayer layer = layer(vision, size);
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 34);
    String layers = PATH + ".model.layers";
    Norm after = VisionEncoders.norm(PATH + ".layernorm_post", size);
    tower.layers(layers, layer, count).norm(after);
    VisionStack stack =
        new VisionStack(
            ModelTraits.builder().rotary(RotaryCode.COMPLEX).build(),
            new ModelingFile(
                "transformers/models/llama4/modeling_llama4.py",
                "Llama4",
                "VisionEncoderLayer",
                ""),
            patches,
            layers,
            List.of(new LayerRun(List.of(layer), count)),
            Optional.of(after),
            VisionStack.Unread.NOTHING);
    Linear linear =
        new Linear(
            "multi_modal_projector.linear_1",
            vision.size("vision_output_dim", 7680),
            textHidden,
            false);
    PatchPool pool = adapter(tower, vision);
    tower.linear(linear);
    Projector projector =
        new Projector.Perceptron(Optional.empty(), List.of(linear), Activation.GELU);
    Encoder encoder = Encoder.of(stack.pooled(pool).byKeyword(), projector, grid(vision));
    return tower.build("vision", encoder.joined(Encoder.Joining.UNRETURNED));
  }

  private static void checkSides(ModelConfig vision) {
    long image = vision.size("image_size", 448);
    long patch = vision.size("patch_size", 14);
    if (image < patch) {
      throw vision
          .about("image_size")
          .isSet(image)
          .but("patch_size is ", patch)
          .allowed("at least ", patch)
          .refusal();
    }
  }

  private static PatchEmbedding patches(TowerBuilder tower, ModelConfig vision, long size) {
    long patch = vision.size("patch_size", 14);
    long positions = VisionEncoders.square(vision.size("image_size", 448) / patch) + 1;
    long values = vision.size("num_channels", 3) * patch * patch;
    ParameterTensor token = VisionEncoders.parameter(PATH + ".class_embedding", size);
    ParameterTensor table =
        VisionEncoders.parameter(PATH + ".positional_embedding_vlm", positions, size);
    Linear linear = new Linear(PATH + ".patch_embedding.linear", values, size, false);
    Norm first = VisionEncoders.norm(PATH + ".layernorm_pre", size);
    tower.tensor(token).tensor(table).linear(linear).norm(first);
    return PatchEmbedding.ofUnfolded(linear)
        .positions(table, PatchEmbedding.Positions.Code.WHOLE)
        .classToken(token)
        .norm(first);
  }

  private static DecoderLayer layer(ModelConfig vision, long size) {
    int heads = Math.toIntExact(vision.size("num_attention_heads", 16));
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    int head = Math.toIntExact(size / heads);
    Attention attention =
        VisionEncoders.attention(vision, heads, size, "o_proj", true).toBuilder()
            .rotary(new Rotary(Rotary.Style.COMPLEX, head))
            .build();
    long inner = vision.size("intermediate_size", 5632);
    PlainMlp mlp =
        new PlainMlp(
            new Linear("mlp.fc1", size, inner, true),
            new Linear("mlp.fc2", inner, size, true),
            Activation.GELU);
    return DecoderLayer.builder()
        .mixer(attention)
        .mlp(mlp)
        .beforeMixer(Optional.of(VisionEncoders.norm("input_layernorm", size)))
        .beforeMlp(Optional.of(VisionEncoders.norm("post_attention_layernorm", size)))
        .build();
  }

  /** Llama4VisionPixelShuffleMLP, a part of the tower. */
  private static PatchPool adapter(TowerBuilder tower, ModelConfig vision) {
    String path = PATH + ".vision_adapter.mlp.";
    long inner = vision.size("intermediate_size", 5632);
    long out = vision.size("projector_output_dim", 4096);
    List<Linear> linears =
        List.of(
            new Linear(path + "fc1", inner, vision.size("projector_input_dim", 4096), false),
            new Linear(path + "fc2", out, out, false));
    linears.forEach(tower::linear);
    return new PatchPool.Shuffled(linears);
  }

  private static ImageGrid grid(ModelConfig vision) {
    long side = vision.size("image_size", 448);
    long across = side / vision.size("patch_size", 14);
    long tokens = Keys.scaled(vision, "pixel_shuffle_ratio", 0.5, across);
    return new CutCanvas(
        Math.toIntExact(side),
        MOST_TILES,
        Math.toIntExact(VisionEncoders.square(across) + 1),
        Math.toIntExact(VisionEncoders.square(tokens)));
  }
}
