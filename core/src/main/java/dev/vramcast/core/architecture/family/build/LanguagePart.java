package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** The part of a model with encoders that a class of Transformers makes of its config. */
public final class LanguagePart {

  private static final String TEXT_CONFIG = "text_config";
  private static final String VISION_CONFIG = "vision_config";
  private static final String STORED = "quantization_config";

  /**
   * Types of whole models for which {@code AutoModelForCausalLM} has a class of their language
   * model, which it hands the {@code text_config} (transformers/models/auto/modeling_auto.py
   * MODEL_FOR_CAUSAL_LM_MAPPING_NAMES and auto_factory.py from_pretrained, 4.57 and 5.24 as read).
   */
  private static final Set<String> ALONE =
      Set.of("emu3", "llama4", "mllama", "qwen3_5", "qwen3_5_moe");

  /** Types that it loads whole (ibid.). */
  private static final Set<String> WHOLE =
      Set.of(
          "fuyu",
          "gemma3",
          "gemma3n",
          "gemma4",
          "gemma4_unified",
          "git",
          "got_ocr2",
          "phi4_multimodal");

  private LanguagePart() {}

  /**
   * The config of what is loaded; the same where that is all of it.
   *
   * @throws dev.vramcast.core.input.InputException where the class does not load the model
   */
  public static ModelConfig of(ModelConfig config, ModelClass loaded) {
    String type = config.text("model_type", "");
    boolean single =
        Stream.of(TEXT_CONFIG, VISION_CONFIG).allMatch(part -> config.nested(part).isEmpty())
            || loaded == ModelClass.PUBLISHED
            || loaded == ModelClass.CAUSAL_LM && WHOLE.contains(type);
    if (single || loaded == ModelClass.CAUSAL_LM && hasOwnCode(config)) {
      return config;
    }
    if (loaded == ModelClass.CAUSAL_LM && !ALONE.contains(type)) {
      throw config
          .about("model_type")
          .is(type)
          .and(", for which AutoModelForCausalLM has no class")
          .refusal();
    }
    ModelConfig text = Wrapper.text(config, type + "_text");
    return config
        .nested(STORED)
        .map(stored -> text.with(Map.of(STORED, stored.values())))
        .orElse(text);
  }

  /** Whether a repository's own code is loaded, whose class it names itself. */
  private static boolean hasOwnCode(ModelConfig config) {
    return config.nested("auto_map").isPresent();
  }
}
