package dev.vramcast.core.architecture.family.vision;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Wrapper;

/**
 * DeepSeek-OCR's encoders: SAM's, whose windows are of 14 patches but for some layers that see the
 * whole image, then CLIP's over what two convolutions make smaller (deepencoder.py).
 */
public final class DeepEncoder {

  private static final String SAM = "model.sam_model.";
  private static final String CLIP = "model.vision_model.";
  private static final long PATCH = 16;
  private static final long WINDOW = 14;
  private static final long NECK = 256;
  private static final int MOST_LAYERS = 10_000;

  private final ModelConfig vision;
  private final TowerBuilder tower = new TowerBuilder();

  private DeepEncoder(ModelConfig vision) {
    this.vision = vision;
  }

  /**
   * Both, with what brings them to the width of the language model.
   *
   * @param joined features of a patch in both encoders together
   */
  public static Tower of(ModelConfig vision, long joined, long hidden) {
    DeepEncoder encoder = new DeepEncoder(vision);
    ModelConfig widths = Wrapper.part(vision, "width");
    encoder.sam(Wrapper.part(widths, "sam_vit_b"));
    encoder.clip(Wrapper.part(widths, "clip-l-14-224"));
    return encoder
        .tower
        .linear("model.projector.layers", joined, hidden, true)
        .tensor("model.image_newline", hidden)
        .tensor("model.view_seperator", hidden)
        .build("vision");
  }

  private void sam(ModelConfig sam) {
    long width = sam.size("width", 768);
    long heads = sam.size("heads", 12);
    long grid = vision.size("image_size", 1024) / PATCH;
    tower
        .weight(SAM + "patch_embed.proj", true, width, 3, PATCH, PATCH)
        .tensor(SAM + "pos_embed", 1, grid, grid, width);
    int layers = layers(sam);
    for (int i = 0; i < layers; i++) {
      String path = SAM + "blocks." + i + ".";
      long seen = isGlobal(sam, i) ? grid : WINDOW;
      tower
          .norm(path + "norm1", width, true)
          .tensor(path + "attn.rel_pos_h", 2 * seen - 1, width / heads)
          .tensor(path + "attn.rel_pos_w", 2 * seen - 1, width / heads)
          .linear(path + "attn.qkv", width, 3 * width, true)
          .linear(path + "attn.proj", width, width, true)
          .norm(path + "norm2", width, true)
          .mlp(path + "mlp", "lin1", "lin2", width, 4 * width, true);
    }
    neck(sam, width);
  }

  /** Convolutions, the last two of which halve the sides. */
  private void neck(ModelConfig sam, long width) {
    tower
        .weight(SAM + "neck.0", false, NECK, width, 1, 1)
        .norm(SAM + "neck.1", NECK, true)
        .weight(SAM + "neck.2", false, NECK, NECK, 3, 3)
        .norm(SAM + "neck.3", NECK, true);
    long in = NECK;
    int place = 2;
    for (Object channels : sam.list("downsample_channels")) {
      if (channels instanceof Number out && out.longValue() > 0) {
        tower.weight(SAM + "net_" + place++, false, out.longValue(), in, 3, 3);
        in = out.longValue();
      }
    }
  }

  private static boolean isGlobal(ModelConfig sam, int layer) {
    return sam.list("global_attn_indexes").stream()
        .anyMatch(each -> each instanceof Number number && number.intValue() == layer);
  }

  private void clip(ModelConfig clip) {
    long width = clip.size("width", 1024);
    long patch = clip.size("patch_size", 14);
    long side = clip.size("image_size", 224) / patch;
    tower
        .tensor(CLIP + "embeddings.class_embedding", width)
        .weight(CLIP + "embeddings.patch_embedding", false, width, 3, patch, patch)
        .table(CLIP + "embeddings.position_embedding", side * side + 1, width)
        .norm(CLIP + "pre_layrnorm", width, true);
    int layers = layers(clip);
    for (int i = 0; i < layers; i++) {
      String path = CLIP + "transformer.layers." + i + ".";
      tower
          .linear(path + "self_attn.qkv_proj", width, 3 * width, true)
          .linear(path + "self_attn.out_proj", width, width, true)
          .norm(path + "layer_norm1", width, true)
          .mlp(path + "mlp", "fc1", "fc2", width, 4 * width, true)
          .norm(path + "layer_norm2", width, true);
    }
  }

  private static int layers(ModelConfig part) {
    return Math.toIntExact(Math.min(MOST_LAYERS, part.size("layers", 12)));
  }
}
