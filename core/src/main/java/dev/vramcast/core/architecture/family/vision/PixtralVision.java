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
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import java.util.List;
import java.util.Optional;

/** Pixtral's tower: patches of all images in one sequence, rotated by where they stand. */
public final class PixtralVision {

  private PixtralVision() {}

  /** Puts its modules into {@code tower}. */
  public static VisionStack read(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 1024);
    long inner = vision.size("intermediate_size", 4096);
    long patch = vision.size("patch_size", 16);
    long channels = vision.size("num_channels", 3);
    Linear convolution = new Linear(path + ".patch_conv", channels * patch * patch, size, false);
    Norm first = new Norm(path + ".ln_pre", Norm.Type.RMS, size, true, false);
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
        .beforeMixer(Optional.of(new Norm("attention_norm", Norm.Type.RMS, size, true, false)))
        .beforeMlp(Optional.of(new Norm("ffn_norm", Norm.Type.RMS, size, true, false)))
        .build();
  }
}
