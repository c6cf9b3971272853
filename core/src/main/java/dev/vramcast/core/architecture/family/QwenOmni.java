package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.sound.AudioEncoders;
import dev.vramcast.core.architecture.family.vision.QwenVision;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** The thinkers of Qwen2.5-Omni and Qwen3-Omni, which training loads without the talkers. */
final class QwenOmni {

  private QwenOmni() {}

  static Architecture omni25(ModelConfig config) {
    return thinker(config, "qwen2_5_omni_text", QwenVision::omni25, AudioEncoders::omni25);
  }

  static Architecture omni3(ModelConfig config) {
    return thinker(config, "qwen3_omni_moe_text", QwenVision::omni3, AudioEncoders::omni3);
  }

  private static Architecture thinker(
      ModelConfig config,
      String textType,
      Function<ModelConfig, Tower> vision,
      BiFunction<ModelConfig, String, Tower> audio) {
    Optional<ModelConfig> nested = config.nested("thinker_config");
    ModelConfig thinker = nested.orElse(config);
    String prefix = nested.isPresent() ? "thinker." : "";
    return Wrapper.wrap(
        config,
        FamilyReader.read(Wrapper.text(thinker, textType)),
        path -> prefix + path,
        List.of(
            audio.apply(Wrapper.part(thinker, "audio_config"), prefix + "audio_tower"),
            vision.apply(Wrapper.part(thinker, "vision_config"))));
  }
}
