package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;

/** The vision encoders of Llama 3.2 and Llama 4. */
public final class LlamaVision {

  private LlamaVision() {}

  public static Tower llama4(ModelConfig vision, long textHidden) {
    String path = "vision_model";
    long size = vision.size("hidden_size", 768);
    long inner = vision.size("intermediate_size", 5632);
    long patch = vision.size("patch_size", 14);
    long positions = VisionEncoders.square(vision.size("image_size", 448) / patch) + 1;
    long projected = vision.size("projector_output_dim", 4096);
    TowerBuilder tower =
        new TowerBuilder()
            .tensor(path + ".class_embedding", size)
            .tensor(path + ".positional_embedding_vlm", positions, size)
            .linear(path + ".patch_embedding.linear", 3 * patch * patch, size, false)
            .norm(path + ".layernorm_pre", size, true);
    int layers = VisionEncoders.layers(vision, "num_hidden_layers", 34);
    for (int i = 0; i < layers; i++) {
      String layer = path + ".model.layers." + i;
      layer(tower, layer, size, inner, true);
    }
    return tower
        .norm(path + ".layernorm_post", size, true)
        .linear(
            path + ".vision_adapter.mlp.fc1",
            inner,
            vision.size("projector_input_dim", 4096),
            false)
        .linear(path + ".vision_adapter.mlp.fc2", projected, projected, false)
        .linear(
            "multi_modal_projector.linear_1",
            vision.size("vision_output_dim", 7680),
            textHidden,
            false)
        .build("vision");
  }

  static Tower mllama(ModelConfig vision, long textHidden) {
    String path = "model.vision_model";
    long size = vision.size("hidden_size", 1280);
    long inner = vision.size("intermediate_size", 5120);
    long patch = vision.size("patch_size", 14);
    long positions = VisionEncoders.square(vision.size("image_size", 448) / patch) + 1;
    long tiles = vision.size("max_num_tiles", 4);
    long ratios = vision.list("supported_aspect_ratios").size();
    long rows = (ratios == 0 ? 8 : ratios) + 1;
    TowerBuilder tower =
        new TowerBuilder()
            .tensor(path + ".class_embedding", size)
            .weight(path + ".patch_embedding", false, size, 3, patch, patch)
            .tensor(path + ".gated_positional_embedding.gate", 1)
            .tensor(path + ".gated_positional_embedding.embedding", positions, size)
            .weight(
                path + ".gated_positional_embedding.tile_embedding",
                false,
                rows,
                tiles * positions * size);
    for (String embedding : new String[] {"pre", "post"}) {
      String name = path + "." + embedding + "_tile_positional_embedding";
      tower.tensor(name + ".gate", 1).weight(name + ".embedding", false, rows, tiles * size);
    }
    tower.norm(path + ".layernorm_pre", size, true).norm(path + ".layernorm_post", size, true);
    int local = VisionEncoders.layers(vision, "num_hidden_layers", 32);
    for (int i = 0; i < local; i++) {
      layer(tower, path + ".transformer.layers." + i, size, inner, false);
    }
    int global = VisionEncoders.layers(vision, "num_global_layers", 8);
    for (int i = 0; i < global; i++) {
      String layer = path + ".global_transformer.layers." + i;
      layer(tower, layer, size, inner, false);
      tower.tensor(layer + ".gate_attn", 1).tensor(layer + ".gate_ffn", 1);
    }
    return tower
        .linear(
            "model.multi_modal_projector", vision.size("vision_output_dim", 7680), textHidden, true)
        .build("vision");
  }

  private static void layer(
      TowerBuilder tower, String path, long size, long inner, boolean attentionBias) {
    tower
        .attention(path + ".self_attn", size, attentionBias, "o_proj")
        .mlp(path + ".mlp", "fc1", "fc2", size, inner, true)
        .norm(path + ".input_layernorm", size, true)
        .norm(path + ".post_attention_layernorm", size, true);
  }
}
