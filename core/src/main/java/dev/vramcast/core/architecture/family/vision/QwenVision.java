package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Keys;

/** The vision encoders of Qwen2-VL to Qwen3.5 and of GLM-4V. */
public final class QwenVision {

  private static final String PATH = "model.visual";

  private QwenVision() {}

  public static Tower qwen2(ModelConfig vision) {
    long size = vision.size("embed_dim", 1280);
    long inner = Keys.scaled(vision, "mlp_ratio", 4, size);
    long out = vision.size("hidden_size", 3584);
    TowerBuilder tower = patches(vision, size, false, 14);
    for (int i = 0; i < depth(vision, 32); i++) {
      String block = block(i);
      attention(tower, block, size, true, true)
          .mlp(block + ".mlp", "fc1", "fc2", size, inner, true)
          .norm(block + ".norm1", size, true)
          .norm(block + ".norm2", size, true);
    }
    long merged = merged(vision, size);
    return tower
        .norm(PATH + ".merger.ln_q", size, true)
        .linear(PATH + ".merger.mlp.0", merged, merged, true)
        .linear(PATH + ".merger.mlp.2", merged, out, true)
        .build("vision");
  }

  public static Tower qwen25(ModelConfig vision) {
    long size = vision.size("hidden_size", 3584);
    long inner = vision.size("intermediate_size", 3420);
    TowerBuilder tower = patches(vision, size, false, 14);
    for (int i = 0; i < depth(vision, 32); i++) {
      String block = block(i);
      attention(tower, block, size, true, true)
          .gatedMlp(block + ".mlp", size, inner, true)
          .norm(block + ".norm1", size, false)
          .norm(block + ".norm2", size, false);
    }
    long merged = merged(vision, size);
    return tower
        .norm(PATH + ".merger.ln_q", size, false)
        .linear(PATH + ".merger.mlp.0", merged, merged, true)
        .linear(PATH + ".merger.mlp.2", merged, vision.size("out_hidden_size", 3584), true)
        .build("vision");
  }

  /** Qwen3-VL: features of some layers enter the language model through mergers of their own. */
  public static Tower qwen3(ModelConfig vision) {
    int mergers =
        vision.values().containsKey("deepstack_visual_indexes")
            ? vision.list("deepstack_visual_indexes").size()
            : 3;
    return qwen3(vision, mergers);
  }

  /** Qwen3.5: as Qwen3-VL, with one merger. */
  public static Tower qwen35(ModelConfig vision) {
    return qwen3(vision, 0);
  }

  private static Tower qwen3(ModelConfig vision, int mergers) {
    long size = vision.size("hidden_size", 1152);
    long inner = vision.size("intermediate_size", 4304);
    long out = vision.size("out_hidden_size", 3584);
    TowerBuilder tower = patches(vision, size, true, 16);
    tower.weight(PATH + ".pos_embed", false, vision.size("num_position_embeddings", 2304), size);
    for (int i = 0; i < depth(vision, 27); i++) {
      String block = block(i);
      attention(tower, block, size, true, true)
          .mlp(block + ".mlp", "linear_fc1", "linear_fc2", size, inner, true)
          .norm(block + ".norm1", size, true)
          .norm(block + ".norm2", size, true);
    }
    long merged = merged(vision, size);
    merger(tower, PATH + ".merger", size, merged, out);
    for (int i = 0; i < mergers; i++) {
      merger(tower, PATH + ".deepstack_merger_list." + i, merged, merged, out);
    }
    return tower.build("vision");
  }

  private static void merger(TowerBuilder tower, String path, long normed, long merged, long out) {
    tower
        .norm(path + ".norm", normed, true)
        .linear(path + ".linear_fc1", merged, merged, true)
        .linear(path + ".linear_fc2", merged, out, true);
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
    long patch = vision.size("patch_size", defaultPatch);
    return new TowerBuilder()
        .weight(
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
    return PATH + ".blocks." + index;
  }
}
