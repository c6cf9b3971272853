package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;
import java.util.function.IntFunction;

/** Encoders of images that are described by their parameters alone. */
public final class TowersAtRest {

  private static final String VISUAL = "model.visual";

  private TowersAtRest() {}

  /** Qwen2.5-VL's encoder with fewer heads of keys and values, as EXAONE 4.5 has it. */
  public static void exaone(TowerBuilder tower, ModelConfig vision) {
    long size = vision.size("hidden_size", 3584);
    long out = vision.size("out_hidden_size", 3584);
    long head = size / vision.size("num_heads", 16);
    long shared = head * vision.size("num_key_value_heads", 8);
    QwenVision.patches(tower, vision, size, false, 14);
    for (int i = 0; i < VisionEncoders.layers(vision, "depth", 32); i++) {
      String block = VISUAL + ".blocks." + i;
      tower
          .norm(block + ".norm1", size, false)
          .linear(block + ".attn.qkv", size, size + 2 * shared, true)
          .linear(block + ".attn.proj", size, size, true)
          .norm(block + ".norm2", size, false)
          .gatedMlp(block + ".mlp", size, vision.size("intermediate_size", 3420), true);
    }
    long merged = size * VisionEncoders.square(vision.size("spatial_merge_size", 2));
    tower
        .norm(VISUAL + ".merger.ln_q", size, false)
        .linear(VISUAL + ".merger.mlp.0", merged, merged, true)
        .linear(VISUAL + ".merger.mlp.2", merged, out, true);
  }

  /**
   * InternViT as OpenGVLab's own code has it ({@code modeling_intern_vit.py}, with the defaults of
   * {@code configuration_intern_vit.py}).
   */
  public static void internChat(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 3200);
    long inner = vision.size("intermediate_size", 12800);
    long patch = VisionEncoders.side(vision, "patch_size", 14);
    long side = VisionEncoders.side(vision, "image_size", 224);
    boolean centred = vision.text("norm_type", "rms_norm").equals("layer_norm");
    tower
        .tensor(path + ".embeddings.class_embedding", 1, 1, size)
        .weight(path + ".embeddings.patch_embedding", true, size, 3, patch, patch)
        .tensor(
            path + ".embeddings.position_embedding",
            1,
            VisionEncoders.square(side / patch) + 1,
            size);
    for (int i = 0; i < VisionEncoders.layers(vision, "num_hidden_layers", 48); i++) {
      String layer = path + ".encoder.layers." + i;
      tower
          .norm(layer + ".norm1", size, centred)
          .linear(layer + ".attn.qkv", size, 3 * size, vision.flag("qkv_bias", false))
          .linear(layer + ".attn.proj", size, size, true);
      if (vision.flag("qk_normalization", true)) {
        tower.norm(layer + ".attn.q_norm", size, false).norm(layer + ".attn.k_norm", size, false);
      }
      tower
          .tensor(layer + ".ls1", size)
          .norm(layer + ".norm2", size, centred)
          .mlp(layer + ".mlp", "fc1", "fc2", size, inner, true)
          .tensor(layer + ".ls2", size);
    }
  }

  /** Attention within windows and an MLP over each, as MiniCPM-V 4.6 has them. */
  public static void windowMerger(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 768);
    long pieces = VisionEncoders.square(VisionEncoders.side(vision, "window_kernel_size", 2));
    long inner = pieces * vision.size("intermediate_size", 3072);
    tower
        .attention(path + ".self_attn", size, true, "out_proj")
        .norm(path + ".layer_norm1", size, true)
        .norm(path + ".pre_norm", pieces * size, true)
        .linear(path + ".linear_1", pieces * size, inner, true)
        .linear(path + ".linear_2", inner, size, true);
  }

  /**
   * Short convolutions over patches and attention, as LFM3-VL has them.
   *
   * @param types of layers: {@code conv}, or attention
   */
  public static void liquid(
      TowerBuilder tower, ModelConfig vision, String path, IntFunction<String> types) {
    long size = vision.size("hidden_size", 1024);
    long inner = vision.size("intermediate_size", 2560);
    long kernel = vision.size("conv_kernel_size", 3);
    long head = size / vision.size("num_attention_heads", 16);
    long shared = head * vision.size("num_key_value_heads", 8);
    long pixels =
        vision.size("in_channels", 3)
            * VisionEncoders.side(vision, "temporal_patch_size", 2)
            * VisionEncoders.square(VisionEncoders.side(vision, "patch_size", 16));
    tower
        .linear(path + ".patch_embed", pixels, size, false)
        .norm(path + ".embedding_norm", size, false);
    for (int i = 0; i < VisionEncoders.layers(vision, "num_hidden_layers", 14); i++) {
      String layer = path + ".layers." + i;
      if (types.apply(i).equals("conv")) {
        tower
            .linear(layer + ".conv.in_proj", size, 3 * size, false)
            .weight(layer + ".conv.spatial_conv", false, size, 1, kernel, kernel)
            .linear(layer + ".conv.out_proj", size, size, false);
      } else {
        tower
            .linear(layer + ".self_attn.q_proj", size, size, false)
            .linear(layer + ".self_attn.k_proj", size, shared, false)
            .linear(layer + ".self_attn.v_proj", size, shared, false)
            .linear(layer + ".self_attn.out_proj", size, size, false)
            .norm(layer + ".self_attn.q_norm", head, false)
            .norm(layer + ".self_attn.k_norm", head, false);
      }
      tower
          .linear(layer + ".feed_forward.w1", size, inner, false)
          .linear(layer + ".feed_forward.w3", size, inner, false)
          .linear(layer + ".feed_forward.w2", inner, size, false)
          .norm(layer + ".operator_norm", size, false)
          .norm(layer + ".ffn_norm", size, false);
    }
  }

  /** Queries that look at patches by a module of PyTorch's, and an MLP, as Aria has them. */
  public static void queries(
      TowerBuilder tower, String path, long queries, long size, long hidden) {
    String cross = path + ".cross_attn";
    tower
        .tensor(path + ".query", queries, size)
        .linear(cross + ".q_proj", size, size, false)
        .linear(cross + ".k_proj", size, size, false)
        .linear(cross + ".v_proj", size, size, false)
        .tensor(cross + ".multihead_attn.in_proj_weight", 3 * size, size)
        .tensor(cross + ".multihead_attn.in_proj_bias", 3 * size)
        .linear(cross + ".multihead_attn.out_proj", size, size, true)
        .linear(cross + ".linear", size, size, true)
        .norm(cross + ".layer_norm", size, true)
        .norm(cross + ".layer_norm_kv", size, true)
        .norm(path + ".layer_norm", size, true)
        .linear(path + ".feed_forward.linear_in", size, hidden, false)
        .linear(path + ".feed_forward.linear_out", hidden, hidden, false);
  }

  /** SigLIP that turns queries and keys where others look positions up, as VideoLLaMA 3 has it. */
  public static void rotatedSiglip(TowerBuilder tower, ModelConfig vision, String path) {
    long size = vision.size("hidden_size", 768);
    long inner = vision.size("intermediate_size", 3072);
    long patch = vision.size("patch_size", 16);
    VisionEncoders.patches(tower, vision, path, size, patch);
    VisionEncoders.siglipLayers(tower, vision, path, size, inner);
    tower.norm(path + ".post_layernorm", size, true);
  }
}
