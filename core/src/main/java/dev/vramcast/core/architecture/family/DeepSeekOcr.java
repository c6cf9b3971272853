package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.text.DeepSeek;
import dev.vramcast.core.architecture.family.vision.DeepEncoder;
import java.util.List;

/**
 * DeepSeek-OCR: a small DeepSeek V2 behind the encoders of SAM and CLIP (modeling_deepseekocr.py of
 * the model's repository).
 */
final class DeepSeekOcr {

  private DeepSeekOcr() {}

  static Architecture read(ModelConfig config) {
    Architecture text = DeepSeek.withHeads(config.nested("language_config").orElse(config));
    Tower towers =
        DeepEncoder.of(
            Wrapper.part(config, "vision_config"),
            Wrapper.part(config, "projector_config").size("input_dim", 2048),
            text.hiddenSize());
    return Wrapper.wrap(config, text, path -> path, List.of(towers));
  }
}
