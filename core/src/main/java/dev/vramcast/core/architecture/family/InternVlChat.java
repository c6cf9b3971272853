package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.Wrapper;
import dev.vramcast.core.architecture.family.vision.TowerBuilder;
import dev.vramcast.core.architecture.family.vision.TowersAtRest;
import dev.vramcast.core.architecture.family.vision.VisionEncoders;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * InternVL as OpenGVLab publishes it ({@code internvl_chat}), InternVL 2 to 3.5: the code beside
 * the weights, not that of Transformers, whose {@code internvl} has other names. Its encoder is
 * described by its parameters: fine-tunes on text.
 *
 * <p>Source: {@code modeling_internvl_chat.py}, {@code modeling_intern_vit.py} of
 * OpenGVLab/InternVL. Trainers hand embeddings and labels to the language model, whose own loss it
 * is (ms-swift, {@code use_submodel_func(model, 'language_model')}).
 */
final class InternVlChat {

  private static final String PROJECTOR = "mlp1";

  private InternVlChat() {}

  static Architecture read(ModelConfig config) {
    Architecture text = VisionLanguage.text(withText(config), "qwen2");
    ModelConfig vision = Wrapper.part(config, "vision_config");
    long side = Math.max(1, Math.round(1 / config.number("downsample_ratio", 0.5)));
    long merged = vision.size("hidden_size", 3200) * VisionEncoders.square(side);
    long hidden = text.hiddenSize();
    TowerBuilder tower = new TowerBuilder();
    TowersAtRest.internChat(tower, vision, "vision_model");
    tower
        .norm(PROJECTOR + ".0", merged, true)
        .linear(PROJECTOR + ".1", merged, hidden, true)
        .linear(PROJECTOR + ".3", hidden, hidden, true);
    return Wrapper.wrap(
        config, text, path -> "language_model." + path, List.of(tower.build("vision")));
  }

  /** The language model's config stands under another key than Transformers'. */
  private static ModelConfig withText(ModelConfig config) {
    Map<String, Object> values = new HashMap<>(config.values());
    Object text = values.get("llm_config");
    if (text != null) {
      values.put("text_config", text);
    }
    return new ModelConfig(config.place(), values);
  }
}
