package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;

/** The vision encoder of Llama 4. */
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
      tower
          .attention(layer + ".self_attn", size, true, "o_proj")
          .mlp(layer + ".mlp", "fc1", "fc2", size, inner, true)
          .norm(layer + ".input_layernorm", size, true)
          .norm(layer + ".post_attention_layernorm", size, true);
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
}
