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
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import java.util.List;
import java.util.Optional;

/** InternViT, the tower of InternVL. */
public final class InternVision {

  private InternVision() {}

  /** Puts its modules into {@code tower}. */
  public static VisionStack read(TowerBuilder tower, ModelConfig vision, String path) {
    return read(tower, vision, path, path + ".encoder.layer");
  }

  /** As above, with the path of the list of its layers. */
  public static VisionStack read(
      TowerBuilder tower, ModelConfig vision, String path, String layers) {
    long size = vision.size("hidden_size", 1024);
    long patch = VisionEncoders.side(vision, "patch_size", 14);
    long positions = cells(vision) + 1;
    Linear convolution =
        new Linear(path + ".embeddings.patch_embeddings.projection", 3 * patch * patch, size, true);
    ParameterTensor token = VisionEncoders.parameter(path + ".embeddings.cls_token", 1, 1, size);
    ParameterTensor table =
        VisionEncoders.parameter(path + ".embeddings.position_embeddings", 1, positions, size);
    DecoderLayer layer = layer(vision, size);
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 24);
    tower
        .tensor(token)
        .tensor(table)
        .weight(convolution.name(), true, size, 3, patch, patch)
        .layers(layers, layer, count);
    boolean pools = vision.flag("use_mean_pooling", true);
    Norm last = VisionEncoders.norm(path + ".layernorm", size);
    if (!pools) {
      tower.norm(last);
    }
    return new VisionStack(
        ModelTraits.LLAMA,
        new ModelingFile(
            "transformers/models/internvl/modeling_internvl.py", "InternVLVision", "Layer", ""),
        PatchEmbedding.of(convolution)
            .positions(table, PatchEmbedding.Positions.Code.WHOLE)
            .classToken(token)
            .pixels(PatchEmbedding.Pixels.CAST),
        layers,
        List.of(new LayerRun(List.of(layer), count)),
        pools ? Optional.empty() : Optional.of(last),
        VisionStack.Unread.NOTHING);
  }

  /** Patches of an image. */
  public static long cells(ModelConfig vision) {
    return VisionEncoders.square(side(vision) / VisionEncoders.side(vision, "patch_size", 14));
  }

  /** An image's side in pixels. */
  public static long side(ModelConfig vision) {
    return VisionEncoders.side(vision, "image_size", 448);
  }

  private static DecoderLayer layer(ModelConfig vision, long size) {
    long inner = vision.size("intermediate_size", 4096);
    Norm.Type norm =
        vision.text("norm_type", "layer_norm").equals("rms_norm") ? Norm.Type.RMS : Norm.Type.LAYER;
    return DecoderLayer.builder()
        .mixer(attention(vision, size))
        .mlp(
            new PlainMlp(
                new Linear("mlp.fc1", size, inner, true),
                new Linear("mlp.fc2", inner, size, true),
                Mlps.activation(vision, "hidden_act", "gelu")))
        .beforeMixer(Optional.of(norm("layernorm_before", norm, size)))
        .afterMixer(Optional.of(norm("lambda_1", Norm.Type.SCALE, size)))
        .beforeMlp(Optional.of(norm("layernorm_after", norm, size)))
        .afterMlp(Optional.of(norm("lambda_2", Norm.Type.SCALE, size)))
        .build();
  }

  private static Norm norm(String name, Norm.Type type, long size) {
    return new Norm(name, type, size, true, type == Norm.Type.LAYER);
  }

  private static Attention attention(ModelConfig vision, long size) {
    int heads = Math.toIntExact(vision.size("num_attention_heads", 16));
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    boolean bias = vision.flag("attention_bias", false);
    boolean norms = vision.flag("use_qk_norm", false);
    return Attention.builder()
        .heads(heads)
        .kvHeads(heads)
        .headSize(Math.toIntExact(size / heads))
        .qkv(
            List.of(
                new Linear("attention.q_proj", size, size, bias),
                new Linear("attention.k_proj", size, size, bias),
                new Linear("attention.v_proj", size, size, bias)))
        .output(new Linear("attention.projection_layer", size, size, true))
        .queryNorm(whole(norms, "attention.q_norm", size))
        .keyNorm(whole(norms, "attention.k_norm", size))
        .rotary(Rotary.NONE)
        .build();
  }

  private static Optional<Norm> whole(boolean there, String name, long size) {
    return there ? Optional.of(norm(name, Norm.Type.RMS, size)) : Optional.empty();
  }
}
