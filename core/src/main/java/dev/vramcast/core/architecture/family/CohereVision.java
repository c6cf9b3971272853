package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import java.util.List;

/**
 * Aya Vision and Command A Vision, which are described on text alone: SigLIP before Command R7B.
 */
final class CohereVision {

  private static final String PROJECTOR = "model.multi_modal_projector";

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
    long pieces = VisionEncoders.square(config.size("downsample_factor", 2));
    long merged = vision.size("hidden_size", 768) * pieces;
    long inner = config.size("alignment_intermediate_size", norms ? text.hiddenSize() : 36864);
    TowerBuilder tower = new TowerBuilder();
    VisionEncoders.siglip(tower, vision, "model.vision_tower.vision_model", true);
    if (norms) {
      tower.norm(PROJECTOR + ".layernorm", merged, true);
    }
    tower
        .linear(PROJECTOR + ".linear_1", merged, inner, true)
        .linear(PROJECTOR + ".linear_2", inner / 2, text.hiddenSize(), true);
    return Wrapper.wrap(config, text, List.of(tower.build("vision")));
  }
}
