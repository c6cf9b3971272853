package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.traits.ModelTraits.CausalClass;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** The part of a model with encoders that a class of Transformers makes of its config. */
public final class LanguagePart {

  private static final String TEXT_CONFIG = "text_config";
  private static final String VISION_CONFIG = "vision_config";
  private static final String STORED = "quantization_config";

  private LanguagePart() {}

  /**
   * The config of what is loaded; the same where that is all of it.
   *
   * @param causal what {@code AutoModelForCausalLM} loads of the model
   * @throws dev.vramcast.core.input.InputException where the class does not load the model
   */
  public static ModelConfig of(
      ModelConfig config, ModelClass loaded, Supplier<CausalClass> causal) {
    return switch (hasOneConfig(config) ? ModelClass.PUBLISHED : loaded) {
      case PUBLISHED -> config;
      case TEXT -> text(config);
      case CAUSAL_LM -> hasOwnCode(config) ? config : ofCausal(config, causal.get());
    };
  }

  private static boolean hasOneConfig(ModelConfig config) {
    return Stream.of(TEXT_CONFIG, VISION_CONFIG).allMatch(part -> config.nested(part).isEmpty());
  }

  private static ModelConfig ofCausal(ModelConfig config, CausalClass causal) {
    return switch (causal) {
      case WHOLE -> config;
      case TEXT -> text(config);
      case NONE ->
          throw config
              .about("model_type")
              .is(config.text("model_type", ""))
              .and(", for which AutoModelForCausalLM has no class")
              .refusal();
    };
  }

  private static ModelConfig text(ModelConfig config) {
    String type = config.text("model_type", "");
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
