package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.LayerRun;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.ModelingFile;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Mlps;
import dev.vramcast.core.architecture.mixer.Attention;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.ModelTraits;
import dev.vramcast.core.architecture.vision.PatchEmbedding;
import dev.vramcast.core.architecture.vision.Projector;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What Janus has beside its language model: a SigLIP, and an autoencoder of images with what reads
 * and predicts its words (transformers models/janus/modeling_janus.py).
 */
public final class JanusParts {

  private static final String CODER = "model.vqmodel.";
  private static final String LAYERS = ".encoder.layers";

  /** Begin and end of an image (JanusProcessor). */
  private static final int MARKS = 2;

  private static final int MOST_BLOCKS = 1_000;

  private final TowerBuilder tower;
  private final ModelConfig config;
  private final List<Long> widths = new ArrayList<>();
  private final int blocks;

  private JanusParts(TowerBuilder tower, ModelConfig config) {
    this.tower = tower;
    this.config = config;
    long base = config.size("base_channels", 128);
    List<?> multipliers =
        config.values().containsKey("channel_multiplier")
            ? config.list("channel_multiplier")
            : List.of(1, 1, 2, 2, 4);
    for (Object each : multipliers) {
      widths.add(base * (each instanceof Number number ? Math.max(1, number.longValue()) : 1));
    }
    this.blocks = Math.toIntExact(Math.min(MOST_BLOCKS, config.size("num_res_blocks", 2)));
  }

  /** The encoder of images that are read, and what brings them to the width of the text. */
  public static Tower vision(ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 1024);
    long inner = (long) (size * vision.number("mlp_ratio", 4));
    long patch = VisionEncoders.side(vision, "patch_size", 16);
    long cells = VisionEncoders.square(VisionEncoders.side(vision, "image_size", 384) / patch);
    ParameterTensor table =
        TowerBuilder.lookup(path + ".embeddings.position_embedding", cells, size);
    DecoderLayer layer = layer(vision, size, inner);
    int count = VisionEncoders.layers(vision, "num_hidden_layers", 24);
    Norm after = VisionEncoders.norm(path + ".post_layernorm", size);
    TowerBuilder tower = new TowerBuilder();
    VisionEncoders.patches(tower, vision, path, size, patch)
        .tensor(table)
        .layers(path + LAYERS, layer, count)
        .norm(after);
    int depth = VisionEncoders.layers(vision, "depth", 2);
    List<Linear> linears = aligner(tower, "model.aligner", size, vision, depth);
    long values = vision.size("num_channels", 3) * patch * patch;
    VisionStack stack =
        new VisionStack(
            ModelTraits.LLAMA,
            new ModelingFile(
                "transformers/models/janus/modeling_janus.py", "JanusVision", "EncoderLayer", ""),
            PatchEmbedding.of(new Linear(path + ".embeddings.patch_embedding", values, size, true))
                .positions(table, PatchEmbedding.Positions.Code.LOOKED_UP),
            path + LAYERS,
            List.of(new LayerRun(List.of(layer), count)),
            Optional.of(after),
            VisionStack.Unread.NOTHING);
    Projector projector =
        new Projector.Perceptron(
            Optional.empty(), linears, Mlps.activation(vision, "hidden_act", "gelu"));
    // A norm of the whole width can not read what is one head's (JanusVisionAttention).
    return vision.flag("use_qk_norm", false)
        ? tower.build("vision")
        : tower.build(
            "vision", Encoder.of(stack, projector, VisionEncoders.fixed(cells, cells, MARKS)));
  }

  private static DecoderLayer layer(ModelConfig vision, long size, long inner) {
    int heads = Math.toIntExact(vision.size("num_attention_heads", 16));
    boolean bias = vision.flag("attention_bias", true);
    Attention attention =
        VisionEncoders.attention(vision, heads, size, "projection_layer", bias).toBuilder()
            .output(new Linear("self_attn.projection_layer", size, size, true))
            .queryNorm(norm(vision, "self_attn.q_norm", size))
            .keyNorm(norm(vision, "self_attn.k_norm", size))
            .build();
    return DecoderLayer.builder()
        .mixer(attention)
        .mlp(VisionEncoders.mlp(vision, size, inner, "gelu"))
        .beforeMixer(Optional.of(VisionEncoders.norm("layer_norm1", size)))
        .beforeMlp(Optional.of(VisionEncoders.norm("layer_norm2", size)))
        .build();
  }

  private static Optional<Norm> norm(ModelConfig vision, String name, long size) {
    return vision.flag("use_qk_norm", false)
        ? Optional.of(VisionEncoders.norm(name, size))
        : Optional.empty();
  }

  private static List<Linear> aligner(
      TowerBuilder tower, String path, long size, ModelConfig part, int depth) {
    long width = part.size("projection_dim", 2048);
    List<Linear> linears = new ArrayList<>(List.of(new Linear(path + ".fc1", size, width, true)));
    for (int i = 0; i + 1 < depth; i++) {
      linears.add(new Linear(path + ".hidden_layers." + i, width, width, true));
    }
    linears.forEach(tower::linear);
    return linears;
  }

  /** The autoencoder, and what reads and predicts its words: no part of a step on text. */
  public static Tower words(ModelConfig config) {
    TowerBuilder tower = new TowerBuilder();
    new JanusParts(tower, config).words();
    return tower.build("words");
  }

  private void words() {
    long words = config.size("num_embeddings", 16384);
    long size = config.size("embed_dim", 8);
    long latent = config.size("latent_channels", 256);
    long width = config.size("projection_dim", 2048);
    encoder(config.flag("double_latent", false) ? 2 * latent : latent);
    tower.weight(CODER + "quantize.embedding", false, words, size);
    convolution("quant_conv", latent, size, 1);
    convolution("post_quant_conv", size, latent, 1);
    decoder(latent);
    tower.weight("model.generation_embeddings", false, words, size);
    aligner(
        tower,
        "model.generation_aligner",
        size,
        config,
        VisionEncoders.layers(config, "num_hidden_layers", 2));
    long token = config.size("image_token_embed_dim", 2048);
    tower
        .linear("model.generation_head.proj_out", token, width, true)
        .linear("model.generation_head.vision_head", width, words, true);
  }

  private void encoder(long latent) {
    int last = widths.size() - 1;
    long in = config.size("base_channels", 128);
    convolution("encoder.conv_in", config.size("in_channels", 3), in, 3);
    for (int i = 0; i <= last; i++) {
      in = level("encoder.down." + i, in, widths.get(i), blocks, i == last);
      if (i < last) {
        convolution("encoder.down." + i + ".downsample.conv", in, in, 3);
      }
    }
    middle("encoder.mid", in);
    norm("encoder.norm_out", in);
    convolution("encoder.conv_out", in, latent, 3);
  }

  private void decoder(long latent) {
    int last = widths.size() - 1;
    long in = widths.get(last);
    convolution("decoder.conv_in", latent, in, 3);
    middle("decoder.mid", in);
    for (int i = 0; i <= last; i++) {
      in = level("decoder.up." + i, in, widths.get(last - i), blocks + 1, i == 0);
      if (i < last) {
        convolution("decoder.up." + i + ".upsample.conv", in, in, 3);
      }
    }
    norm("decoder.norm_out", in);
    convolution("decoder.conv_out", in, config.size("out_channels", 3), 3);
  }

  /** Residual blocks, attention behind each where that is asked for; the width behind them. */
  private long level(String path, long first, long width, int count, boolean attends) {
    long in = first;
    for (int i = 0; i < count; i++) {
      block(path + ".block." + i, in, width);
      in = width;
      if (attends) {
        attention(path + ".attn." + i, width);
      }
    }
    return in;
  }

  private void middle(String path, long width) {
    block(path + ".block_1", width, width);
    attention(path + ".attn_1", width);
    block(path + ".block_2", width, width);
  }

  private void block(String path, long in, long out) {
    norm(path + ".norm1", in);
    convolution(path + ".conv1", in, out, 3);
    norm(path + ".norm2", out);
    convolution(path + ".conv2", out, out, 3);
    if (in != out) {
      convolution(path + ".nin_shortcut", in, out, 1);
    }
  }

  private void attention(String path, long width) {
    norm(path + ".norm", width);
    for (String name : List.of("q", "k", "v", "proj_out")) {
      convolution(path + "." + name, width, width, 1);
    }
  }

  private void norm(String path, long width) {
    tower.norm(CODER + path, width, true);
  }

  private void convolution(String path, long in, long out, long side) {
    tower.weight(CODER + path, true, out, in, side, side);
  }
}
