package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;

/**
 * Encoders that only code beside the weights has, described by their parameters alone. Sources are
 * files of the models' repositories; the sums of parameters are the published ones.
 */
public final class TowersOfHub {

  private TowersOfHub() {}

  /**
   * MiniCPM-V's SigLIP and the queries that read it ({@code modeling_navit_siglip.py}, {@code
   * resampler.py}).
   *
   * @param queries how many tokens an image becomes
   */
  public static TowerBuilder miniCpm(ModelConfig vision, long queries, long textHidden) {
    TowerBuilder tower = new TowerBuilder();
    VisionEncoders.siglip(tower, vision, "vpm", false);
    long size = vision.size("hidden_size", 768);
    tower.tensor("resampler.query", queries, textHidden);
    if (size != textHidden) {
      tower.linear("resampler.kv_proj", size, textHidden, false);
    }
    return tower
        .tensor("resampler.attn.in_proj_weight", 3 * textHidden, textHidden)
        .tensor("resampler.attn.in_proj_bias", 3 * textHidden)
        .linear("resampler.attn.out_proj", textHidden, textHidden, true)
        .norm("resampler.ln_q", textHidden, true)
        .norm("resampler.ln_kv", textHidden, true)
        .norm("resampler.ln_post", textHidden, true)
        .tensor("resampler.proj", textHidden, textHidden);
  }

  /** dots.ocr's tower and merger ({@code modeling_dots_vision.py}). */
  public static TowerBuilder dots(ModelConfig vision) {
    String path = "vision_tower.";
    long size = vision.size("embed_dim", 1536);
    long inner = vision.size("intermediate_size", 4224);
    long patch = vision.size("patch_size", 14);
    boolean bias = vision.flag("use_bias", false);
    long merged = size * VisionEncoders.square(vision.size("spatial_merge_size", 2));
    String embedding = path + "patch_embed.patchifier.";
    TowerBuilder tower =
        new TowerBuilder()
            .weight(embedding + "proj", true, size, 3, patch, patch)
            .norm(embedding + "norm", size, false);
    for (int i = 0; i < VisionEncoders.layers(vision, "num_hidden_layers", 42); i++) {
      String block = path + "blocks." + i;
      tower
          .linear(block + ".attn.qkv", size, 3 * size, bias)
          .linear(block + ".attn.proj", size, size, bias)
          .norm(block + ".norm1", size, false)
          .linear(block + ".mlp.fc1", size, inner, bias)
          .linear(block + ".mlp.fc2", inner, size, bias)
          .linear(block + ".mlp.fc3", size, inner, bias)
          .norm(block + ".norm2", size, false);
    }
    if (vision.flag("post_norm", true)) {
      tower.norm(path + "post_trunk_norm", size, false);
    }
    return tower
        .norm(path + "merger.ln_q", size, true)
        .linear(path + "merger.mlp.0", merged, merged, true)
        .linear(path + "merger.mlp.2", merged, vision.size("hidden_size", 1536), true);
  }

  /** ERNIE 4.5 VL's tower and resampler (transformers models/ernie4_5_vl_moe). */
  public static TowerBuilder ernie(ModelConfig vision, long textHidden) {
    String path = "model.vision_tower.";
    String resampler = "model.resampler_model.";
    long size = vision.size("hidden_size", 1280);
    long inner = vision.size("intermediate_size", 5120);
    long patch = vision.size("patch_size", 14);
    TowerBuilder tower =
        new TowerBuilder().linear(path + "patch_embed.proj", 3 * patch * patch, size, false);
    for (int i = 0; i < VisionEncoders.layers(vision, "depth", 32); i++) {
      String block = path + "blocks." + i;
      tower
          .norm(block + ".norm1", size, true)
          .norm(block + ".norm2", size, true)
          .linear(block + ".attn.qkv", size, 3 * size, true)
          .linear(block + ".attn.proj", size, size, true)
          .mlp(block + ".mlp", "fc1", "fc2", size, inner, true);
    }
    tower.norm(path + "ln", size, true);
    long merged = size * VisionEncoders.square(vision.size("spatial_merge_size", 2));
    perceptron(tower, resampler + "spatial_linear", merged, merged);
    perceptron(
        tower,
        resampler + "temporal_linear",
        merged * vision.size("temporal_merge_size", 2),
        merged);
    return tower
        .linear(resampler + "mlp", merged, textHidden, true)
        .norm(resampler + "after_norm", textHidden, false);
  }

  private static void perceptron(TowerBuilder tower, String path, long in, long out) {
    tower
        .linear(path + ".fc1", in, out, true)
        .linear(path + ".fc2", out, out, true)
        .norm(path + ".ln", out, true);
  }
}
