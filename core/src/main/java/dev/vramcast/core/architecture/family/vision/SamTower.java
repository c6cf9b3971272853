package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;

/**
 * SAM's encoder as Transformers' models have it: windows but for some layers that see the whole
 * image, and two convolutions behind them (transformers models/sam/modeling_sam.py).
 */
public final class SamTower {

  private SamTower() {}

  /** Its parameters below that path, with those of the neck. */
  public static void read(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 768);
    long patch = VisionEncoders.side(vision, "patch_size", 16);
    long grid = VisionEncoders.side(vision, "image_size", 1024) / patch;
    long window = vision.size("window_size", 14);
    long head = size / vision.size("num_attention_heads", 12);
    if (vision.flag("use_abs_pos", true)) {
      tower.tensor(path + ".pos_embed", 1, grid, grid, size);
    }
    long channels = vision.size("num_channels", 3);
    tower.weight(path + ".patch_embed.projection", true, size, channels, patch, patch);
    for (int i = 0; i < VisionEncoders.layers(vision, "num_hidden_layers", 12); i++) {
      String layer = path + ".layers." + i;
      if (vision.flag("use_rel_pos", true)) {
        long seen = 2 * (seesAll(vision, i) ? grid : window) - 1;
        tower
            .tensor(layer + ".attn.rel_pos_h", seen, head)
            .tensor(layer + ".attn.rel_pos_w", seen, head);
      }
      tower
          .norm(layer + ".layer_norm1", size, true)
          .linear(layer + ".attn.qkv", size, 3 * size, vision.flag("qkv_bias", true))
          .linear(layer + ".attn.proj", size, size, true)
          .norm(layer + ".layer_norm2", size, true)
          .mlp(layer + ".mlp", "lin1", "lin2", size, vision.size("mlp_dim", 4 * size), true);
    }
    neck(tower, vision, path + ".neck");
  }

  /** Two convolutions with a norm behind each. */
  public static void neck(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 768);
    long out = channels(vision);
    tower
        .weight(path + ".conv1", false, out, size, 1, 1)
        .norm(path + ".layer_norm1", out, true)
        .weight(path + ".conv2", false, out, out, 3, 3)
        .norm(path + ".layer_norm2", out, true);
  }

  /** Two convolutions that halve the sides, of twice the channels and of the width. */
  public static void halved(
      TowerBuilder tower, ModelConfig vision, String first, String second, long width) {
    long out = channels(vision);
    tower.weight(first, false, 2 * out, out, 3, 3).weight(second, false, width, 2 * out, 3, 3);
  }

  /** Channels behind the neck. */
  public static long channels(ModelConfig vision) {
    return vision.size("output_channels", 256);
  }

  private static boolean seesAll(ModelConfig vision, int layer) {
    return vision.values().containsKey("global_attn_indexes")
        ? vision.list("global_attn_indexes").stream()
            .anyMatch(each -> each instanceof Number number && number.intValue() == layer)
        : layer % 3 == 2;
  }
}
