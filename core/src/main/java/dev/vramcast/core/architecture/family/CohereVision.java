package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Encoder;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.VisionStack;
import dev.vramcast.core.architecture.family.build.Shape;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.vision.CutCanvas;
import dev.vramcast.core.architecture.vision.ImageGrid;
import dev.vramcast.core.architecture.vision.Projector;
import dev.vramcast.core.architecture.vision.TiledCanvas;
import java.util.List;
import java.util.Optional;

/**
 * Aya Vision, which reads its tower's last layer before the norm behind it, and Command A Vision:
 * SigLIP before Command R7B.
 */
final class CohereVision {

  private static final String PROJECTOR = "model.multi_modal_projector";

  private static final int MOST_TILES = 12;

  private CohereVision() {}

  static Architecture aya(ModelConfig config) {
    return read(config, true).withLoss(WrittenLoss::byMaskInOwnDtype);
  }

  static Architecture cohere2(ModelConfig config) {
    return read(config, false);
  }

  /**
   * The second linear reads half of what the first makes, which gates the other half.
   *
   * @param norms pieces of an image are normalised before
   */
  private static Architecture read(ModelConfig config, boolean norms) {
    Architecture text = VisionLanguage.text(config, "cohere2");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    long factor = config.size("downsample_factor", 2);
    checkShuffled(vision, factor);
    long pieces = VisionEncoders.square(factor);
    long merged = vision.size("hidden_size", 768) * pieces;
    long inner = config.size("alignment_intermediate_size", norms ? text.hiddenSize() : 36864);
    TowerBuilder tower = new TowerBuilder();
    VisionStack stack =
        VisionEncoders.siglip(tower, vision, "model.vision_tower.vision_model", true);
    if (inner % 2 != 0) {
      throw config
          .about("alignment_intermediate_size")
          .is(inner)
          .and(", of which one half gates the other, so that it is even")
          .refusal();
    }
    Linear first = new Linear(PROJECTOR + ".linear_1", merged, inner, true);
    Linear second = new Linear(PROJECTOR + ".linear_2", inner / 2, text.hiddenSize(), true);
    if (norms) {
      tower.norm(PROJECTOR + ".layernorm", merged, true);
    }
    tower.linear(first).linear(second);
    Optional<Norm> before =
        norms
            ? Optional.of(VisionEncoders.norm(PROJECTOR + ".layernorm", merged))
            : Optional.empty();
    Projector projector = new Projector.Halved(before, first, second);
    VisionStack read = norms ? stack.reading(0) : stack;
    Encoder encoder =
        Encoder.of(read, projector, norms ? canvas(vision, pieces) : grid(vision, pieces));
    boolean whole = !vision.flag("vision_use_head", true) && (!norms || readsLast(config));
    Tower built = whole ? tower.build("vision", encoder) : tower.build("vision");
    return Wrapper.wrap(config, text, List.of(built));
  }

  private static boolean readsLast(ModelConfig config) {
    Object layer = config.values().getOrDefault("vision_feature_layer", -1);
    return layer instanceof Number number
        && number.intValue() == -1
        && config.text("vision_feature_select_strategy", "full").equals("full");
  }

  /** Tiles as InternVL's, each with a mark before it (AyaVisionProcessor). */
  private static ImageGrid canvas(ModelConfig vision, long pieces) {
    int cells = Math.toIntExact(VisionEncoders.patches(vision));
    int side = Math.toIntExact(vision.size("image_size", 224));
    return new TiledCanvas(side, MOST_TILES, cells, Math.toIntExact(cells / pieces), true);
  }

  /** Each side of the patches is reshaped by the factor (modeling_cohere2_vision pixel_shuffle). */
  private static void checkShuffled(ModelConfig vision, long factor) {
    long image = vision.size("image_size", 224);
    long patches = image / vision.size("patch_size", 16);
    if (patches == 0) {
      throw vision.about("image_size").is(image).and(", which is less than a patch").refusal();
    }
    Shape.divides(vision, factor, "downsample_factor", patches, "patches of a side of an image");
  }

  /** Up to twelve tiles and the whole image (Cohere2VisionImageProcessor, max_patches). */
  private static ImageGrid grid(ModelConfig vision, long pieces) {
    int cells = Math.toIntExact(VisionEncoders.patches(vision));
    int side = Math.toIntExact(vision.size("image_size", 224));
    return new CutCanvas(side, MOST_TILES, cells, Math.toIntExact(cells / pieces), true);
  }
}
