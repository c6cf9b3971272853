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
import dev.vramcast.core.architecture.mlp.GatedMlp;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.PatchPool;
import java.util.List;
import java.util.Optional;

/**
 * Towers of RMS norms and gated MLPs: Pixtral's, patches of all images in one sequence, rotated by
 * where they stand; AIMv2, patches of each image.
 */
public final class PixtralVision {

  private PixtralVision() {}

  /** Puts its modules into {@code tower}. */
  public static VisionStack read(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 1024);
    long inner = vision.size("intermediate_size", 4096);
    long patch = vision.size("patch_size", 16);
    long channels = vision.size("num_channels", 3);
    Linear convolution = new Linear(path + ".patch_conv", channels * patch * patch, size, false);
    Norm first = VisionEncoders.rms(path + ".ln_pre", size);
    String layers = path + ".transformer.layers";
    DecoderLayer layer = layer(vision, size, inner);
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 24);
    tower
        .weight(convolution.name(), false, size, channels, patch, patch)
        .norm(first)
        .layers(layers, layer, count);
    return new VisionStack(
        ModelTraits.LLAMA,
        new ModelingFile(
            "transformers/models/pixtral/modeling_pixtral.py", "Pixtral", "AttentionLayer", ""),
        PatchEmbedding.of(convolution).norm(first).order(PatchEmbedding.Order.IN_ONE_SEQUENCE),
        layers,
        List.of(new LayerRun(List.of(layer), count)),
        Optional.empty(),
        VisionStack.Unread.NOTHING);
  }

  private static DecoderLayer layer(ModelConfig vision, long size, long inner) {
    int heads = Math.toIntExact(vision.size("num_attention_heads", 16));
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    int head = Math.toIntExact(size / heads);
    return DecoderLayer.builder()
        .mixer(
            Attention.builder()
                .heads(heads)
                .kvHeads(heads)
                .headSize(head)
                .qkv(
                    List.of(
                        new Linear("attention.q_proj", size, size, false),
                        new Linear("attention.k_proj", size, size, false),
                        new Linear("attention.v_proj", size, size, false)))
                .output(new Linear("attention.o_proj", size, size, false))
                .rotary(new Rotary(Rotary.Style.HALF, head))
                .build())
        .mlp(
            new GatedMlp(
                List.of(
                    new Linear("feed_forward.gate_proj", size, inner, false),
                    new Linear("feed_forward.up_proj", size, inner, false)),
                new Linear("feed_forward.down_proj", inner, size, false),
                Mlps.activation(vision, "hidden_act", "gelu")))
        .beforeMixer(Optional.of(VisionEncoders.rms("attention_norm", size)))
        .beforeMlp(Optional.of(VisionEncoders.rms("ffn_norm", size)))
        .build();
  }

  /** AIMv2 with a head over visual words, as Ovis 2 has it. */
  public static VisionStack aim(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 1024);
    long inner = vision.size("intermediate_size", 2816);
    long patch = vision.size("patch_size", 14);
    long side = vision.size("image_size", 224) / patch;
    String body = path + ".transformer";
    String layers = body + ".encoder.layers";
    ParameterTensor table =
        TowerBuilder.lookup(body + ".embeddings.position_embedding", side * side, size);
    Norm first = VisionEncoders.rms(body + ".embeddings.rms_norm", size);
    Norm last = VisionEncoders.rms(body + ".rms_norm", size);
    DecoderLayer layer = aimLayer(vision, size, inner);
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 24);
    PatchPool.Words words = words(vision, path, size);
    VisionEncoders.patches(tower, vision, body, size, patch)
        .tensor(table)
        .norm(first)
        .layers(layers, layer, count)
        .norm(last)
        .linear(words.head())
        .norm(words.norm());
    long pixels = vision.size("num_channels", 3) * patch * patch;
    Linear convolution = new Linear(body + ".embeddings.patch_embedding", pixels, size, true);
    return new VisionStack(
            ModelTraits.LLAMA,
            new ModelingFile(
                "transformers/models/ovis2/modeling_ovis2.py", "Ovis2Vision", "EncoderLayer", ""),
            PatchEmbedding.of(convolution)
                .positions(table, PatchEmbedding.Positions.Code.LOOKED_UP_BEHIND_NORM)
                .norm(first)
                .inputEmbedding(PatchEmbedding.InputEmbedding.NONE),
            layers,
            List.of(new LayerRun(List.of(layer), count)),
            Optional.of(last),
            VisionStack.Unread.NOTHING)
        .pooled(words);
  }

  private static PatchPool.Words words(ModelConfig vision, String path, long size) {
    long count = vision.size("vocab_size", 16384) - vision.count("num_visual_indicator_tokens", 5);
    long stride = vision.size("hidden_stride", 1);
    return new PatchPool.Words(
        new Linear(path + ".head_linear", size * VisionEncoders.square(stride), count, false),
        VisionEncoders.norm(path + ".head_norm", count),
        stride > 1);
  }

  /**
   * Patches come out of the convolution feature by feature, and sums and RMS norms keep that order
   * all along (TensorIterator takes the strides of its first operand).
   */
  private static DecoderLayer aimLayer(ModelConfig vision, long size, long inner) {
    int heads = Math.toIntExact(vision.size("num_attention_heads", 8));
    Shape.divides(vision, heads, "attention heads", size, "hidden size");
    boolean biased = vision.flag("qkv_bias", false);
    boolean bias = vision.flag("mlp_bias", false);
    return DecoderLayer.builder()
        .mixer(
            Attention.builder()
                .heads(heads)
                .kvHeads(heads)
                .headSize(Math.toIntExact(size / heads))
                .qkv(
                    List.of(
                        new Linear("attention.q_proj", size, size, biased).copying(),
                        new Linear("attention.k_proj", size, size, biased).copying(),
                        new Linear("attention.v_proj", size, size, biased).copying()))
                .output(new Linear("attention.out_proj", size, size, biased))
                .rotary(Rotary.NONE)
                .build())
        .mlp(
            new GatedMlp(
                List.of(
                    new Linear("ffn.gate_proj", size, inner, bias).copying(),
                    new Linear("ffn.up_proj", size, inner, bias).copying()),
                new Linear("ffn.down_proj", inner, size, bias),
                Mlps.activation(vision, "hidden_act", "silu")))
        .beforeMixer(Optional.of(VisionEncoders.rms("rms_norm1", size)))
        .beforeMlp(Optional.of(VisionEncoders.rms("rms_norm2", size)))
        .build();
  }
}
