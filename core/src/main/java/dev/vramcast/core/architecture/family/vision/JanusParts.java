package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;
import java.util.ArrayList;
import java.util.List;

/**
 * What Janus has beside its language model: a SigLIP, and an autoencoder of images with what reads
 * and predicts its words (transformers models/janus/modeling_janus.py).
 */
public final class JanusParts {

  private static final String CODER = "model.vqmodel.";
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
  public static void vision(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 1024);
    long inner = (long) (size * vision.number("mlp_ratio", 4));
    long patch = VisionEncoders.side(vision, "patch_size", 16);
    long grid = VisionEncoders.side(vision, "image_size", 384) / patch;
    boolean bias = vision.flag("attention_bias", true);
    VisionEncoders.patches(tower, vision, path, size, patch)
        .weight(path + ".embeddings.position_embedding", false, grid * grid, size);
    for (int i = 0; i < VisionEncoders.layers(vision, "num_hidden_layers", 24); i++) {
      String layer = path + ".encoder.layers." + i;
      tower
          .norm(layer + ".layer_norm1", size, true)
          .linear(layer + ".self_attn.q_proj", size, size, bias)
          .linear(layer + ".self_attn.k_proj", size, size, bias)
          .linear(layer + ".self_attn.v_proj", size, size, bias)
          .linear(layer + ".self_attn.projection_layer", size, size, true);
      if (vision.flag("use_qk_norm", false)) {
        tower
            .norm(layer + ".self_attn.q_norm", size, true)
            .norm(layer + ".self_attn.k_norm", size, true);
      }
      tower
          .norm(layer + ".layer_norm2", size, true)
          .mlp(layer + ".mlp", "fc1", "fc2", size, inner, true);
    }
    tower.norm(path + ".post_layernorm", size, true);
    aligner(tower, "model.aligner", size, vision, VisionEncoders.layers(vision, "depth", 2));
  }

  private static void aligner(
      TowerBuilder tower, String path, long size, ModelConfig part, int depth) {
    long width = part.size("projection_dim", 2048);
    tower.linear(path + ".fc1", size, width, true);
    for (int i = 0; i + 1 < depth; i++) {
      tower.linear(path + ".hidden_layers." + i, width, width, true);
    }
  }

  /** The autoencoder, and what reads and predicts its words. */
  public static void words(TowerBuilder tower, ModelConfig config) {
    new JanusParts(tower, config).words();
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
