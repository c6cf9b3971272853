package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;

/** Muse Glimmer's vision tower and projector, of which it is not described how they run. */
public final class MuseVision {

  private static final int CHANNELS = 3;

  private MuseVision() {}

  /**
   * The tower.
   *
   * @param config of the whole model
   * @param vision of the tower
   */
  public static Tower muse(ModelConfig config, ModelConfig vision, long textHidden) {
    String path = "model.vision_tower";
    long size = vision.size("hidden_size", 1536);
    long inner = vision.size("intermediate_size", 8960);
    long side = vision.size("patch_size", 14);
    long pixels = CHANNELS * vision.size("patch_temporal", 2) * side * side;
    long positions = vision.size("pos_emb_height", 32) * vision.size("pos_emb_width", 32);
    TowerBuilder tower =
        new TowerBuilder()
            .linear(path + ".patch_embedder.patch_embedding", pixels, size, false)
            .tensor(path + ".patch_embedder.position_embedding_table.weight", positions, size)
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
