package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Keys;
import java.util.List;
import java.util.Map;

/** More encoders of images that are described by their parameters alone. */
public final class TowersBesideText {

  private TowersBesideText() {}

  /** Step 3.7's: scaled layers behind patches, and two convolutions (modeling_step3p7.py). */
  public static void step(TowerBuilder tower, ModelConfig given, String path) {
    ModelConfig vision =
        Keys.renamed(given, Map.of("width", "hidden_size", "layers", "num_hidden_layers"));
    long size = vision.size("hidden_size", 1536);
    long inner = (long) (size * vision.number("mlp_ratio", 8960.0 / 1536));
    long patch = VisionEncoders.side(vision, "patch_size", 14);
    long side = VisionEncoders.side(vision, "image_size", 728);
    tower
        .weight(path + ".embeddings.patch_embedding", false, size, 3, patch, patch)
        .table(path + ".embeddings.position_embedding", VisionEncoders.square(side / patch), size)
        .norm(path + ".pre_layernorm", size, true);
    for (int i = 0; i < VisionEncoders.layers(vision, "num_hidden_layers", 47); i++) {
      String layer = path + ".layers." + i;
      tower
          .tensor(layer + ".lambda_1", size)
          .tensor(layer + ".lambda_2", size)
          .attention(layer + ".self_attn", size, true, "out_proj")
          .mlp(layer + ".mlp", "fc1", "fc2", size, inner, true)
          .norm(layer + ".layernorm_before", size, true)
          .norm(layer + ".layernorm_after", size, true);
    }
    tower
        .weight(path + ".downsampler1", true, 2 * size, size, 3, 3)
        .weight(path + ".downsampler2", true, 4 * size, 2 * size, 3, 3);
  }

  /**
   * Queries in windows of patches, one module for each layer that is read and four for corners
   * (modeling_granite4_vision.py Granite4VisionWindowQFormerDownsampler).
   */
  public static void windowQueries(
      TowerBuilder tower, ModelConfig config, ModelConfig vision, long hidden) {
    String[] sides = config.text("downsample_rate", "1/1").split("/", -1);
    if (sides.length != 2 || !sides[0].matches("\\d{1,3}") || !sides[1].matches("\\d{1,3}")) {
      throw config
          .about("downsample_rate")
          .is(config.values().get("downsample_rate"))
          .allowed("two numbers as 4/8")
          .refusal();
    }
    long queries = VisionEncoders.square(Long.parseLong(sides[0]));
    long window = VisionEncoders.square(Long.parseLong(sides[1]));
    int read = config.list("deepstack_layer_map").size();
    for (int i = 0; i < read + 4; i++) {
      String path =
          i < read ? "model.layerwise_projectors." + i : "model.spatial_projectors." + (i - read);
      windowQueries(tower, config, vision, path, List.of(queries, window, hidden));
    }
  }

  private static void windowQueries(
      TowerBuilder tower, ModelConfig config, ModelConfig vision, String path, List<Long> sizes) {
    long size = vision.size("hidden_size", 768);
    ModelConfig former =
        config.nested("qformer_config").orElse(config.within("qformer_config", Map.of()));
    tower
        .tensor(path + ".query", 1, sizes.get(0), size)
        .tensor(path + ".image_positions", 1, sizes.get(1), size)
        .norm(path + ".qformer.layernorm", size, true);
    for (int i = 0; i < VisionEncoders.layers(former, "num_hidden_layers", 1); i++) {
      String layer = path + ".qformer.encoder.layer." + i;
      looking(tower, layer + ".attention", size);
      looking(tower, layer + ".crossattention", size);
      long inner = former.size("intermediate_size", 3072);
      tower
          .linear(layer + ".intermediate_query.dense", size, inner, true)
          .linear(layer + ".output_query.dense", inner, size, true)
          .norm(layer + ".output_query.LayerNorm", size, true);
    }
    tower.norm(path + ".norm", size, true).linear(path + ".out_linear", size, sizes.get(2), true);
  }

  /** Attention as BLIP-2's Q-Former names it. */
  private static void looking(TowerBuilder tower, String path, long size) {
    tower
        .linear(path + ".attention.query", size, size, true)
        .linear(path + ".attention.key", size, size, true)
        .linear(path + ".attention.value", size, size, true)
        .linear(path + ".output.dense", size, size, true)
        .norm(path + ".output.LayerNorm", size, true);
  }

  /** SigLIP and two paths that merge its patches (modeling_granite_docling.py). */
  public static void docling(TowerBuilder tower, ModelConfig config, ModelConfig given) {
    ModelConfig vision =
        Keys.withDefaults(given, Map.of("image_size", 512, "vision_use_head", false));
    VisionEncoders.siglip(tower, vision, "model.vision_model", false);
    String connector = "model.vision_model.connector";
    long size = vision.size("hidden_size", 768);
    long out = vision.size("out_hidden_size", 1024);
    long factor = vision.size("scale_factor", 4);
    tower.norm(connector + ".ln_in", size, true);
    path(tower, vision, connector + ".coarse", size * VisionEncoders.square(factor), out);
    if (vision.flag("use_fine_route", true)) {
      path(tower, vision, connector + ".fine", size * VisionEncoders.square(factor / 2), out);
    }
    tower
        .norm(connector + ".ln_mid", out, true)
        .linear(connector + ".mlp_fc2", out, out, false)
        .norm(connector + ".ln_out", out, true);
    config
        .optionalSize("density_router_hidden_size")
        .ifPresent(
            inner ->
                tower
                    .linear("model.density_router.att", size, 1, true)
                    .norm("model.density_router.norm", size, true)
                    .linear("model.density_router.fc1", size, inner, true)
                    .linear("model.density_router.fc2", inner, 1, true));
  }

  private static void path(
      TowerBuilder tower, ModelConfig vision, String path, long merged, long out) {
    tower.linear(path + ".projection", merged, out, false);
    List<?> read = vision.list("deepstack_visual_indexes");
    for (int i = 0; i < (read.isEmpty() ? 3 : read.size()); i++) {
      String merger = path + ".deepstack_mergers." + i;
      tower
          .norm(merger + ".layer_norm", merged, true)
          .linear(merger + ".linear_1", merged, out, true)
          .linear(merger + ".linear_2", out, out, true);
    }
  }

  /**
   * Muse Glimmer's tower and projector.
   *
   * @param config of the whole model
   * @param vision of the tower
   */
  public static Tower muse(ModelConfig config, ModelConfig vision, long textHidden) {
    String path = "model.vision_tower";
    long size = vision.size("hidden_size", 1536);
    long inner = vision.size("intermediate_size", 8960);
    long side = vision.size("patch_size", 14);
    long pixels = 3 * vision.size("patch_temporal", 2) * side * side;
    long positions = vision.size("pos_emb_height", 32) * vision.size("pos_emb_width", 32);
    TowerBuilder tower =
        new TowerBuilder()
            .linear(path + ".patch_embedder.patch_embedding", pixels, size, false)
            .table(path + ".patch_embedder.position_embedding_table", positions, size)
            .norm(path + ".ln_pre", size, true);
    int layers = VisionEncoders.layers(vision, "num_hidden_layers", 50);
    for (int i = 0; i < layers; i++) {
      String layer = path + ".layers." + i;
      tower
          .norm(layer + ".norm1", size, true)
          .norm(layer + ".norm2", size, true)
          .attention(layer + ".attn", size, true, "proj")
          .mlp(layer + ".mlp", "fc1", "fc2", size, inner, true);
    }
    long merged = config.size("out_hidden_size", 6144);
    long projected = config.size("projector_hidden_size", 4096);
    return tower
        .norm(path + ".ln_post", size, true)
        .linear("model.vision_adapter.fc1", merged, projected, false)
        .linear("model.vision_adapter.fc2", projected, projected, false)
        .linear("model.vision_projection", projected, textHidden, false)
        .build("vision");
  }
}
