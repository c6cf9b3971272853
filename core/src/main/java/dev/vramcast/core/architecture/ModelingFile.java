package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.traits.ModelTraits.ClassNames;
import java.util.List;

/**
 * The file with a model's own classes, and what they are called.
 *
 * @param path e.g. {@code transformers/models/llama/modeling_llama.py}
 * @param prefix with which the names of the classes begin, e.g. {@code Llama}
 * @param layer the rest of the layer's class, e.g. {@code DecoderLayer}
 * @param mixture the rest of the class of a mixture of experts, e.g. {@code SparseMoeBlock}
 */
public record ModelingFile(String path, String prefix, String layer, String mixture) {

  /** What a model adds to its type for a part of itself, the outermost first. */
  private static final List<String> PARTS = List.of("_model", "_text", "_unified", "_thinker");

  /** That of a {@code model_type}; text parts of other models lie in those models' files. */
  public static ModelingFile of(String modelType, ClassNames names) {
    String type = stem(modelType).replace('-', '_');
    String folder = names.remote() ? "" : "transformers/models/" + type + "/";
    return new ModelingFile(
        folder + "modeling_" + type + ".py",
        names.prefix().isEmpty() ? capitalised(type) : names.prefix(),
        names.layer(),
        names.mixture());
  }

  /** What a decoder layer's class is called, e.g. {@code LlamaDecoderLayer}. */
  public String layerClass() {
    return prefix + layer;
  }

  private static String stem(String modelType) {
    String type = modelType;
    for (String part : PARTS) {
      if (type.endsWith(part)) {
        type = type.substring(0, type.length() - part.length());
      }
    }
    return type;
  }

  /** {@code qwen2_moe} becomes {@code Qwen2Moe}; digits keep their underscore. */
  private static String capitalised(String type) {
    StringBuilder name = new StringBuilder();
    for (String part : type.split("_", -1)) {
      if (part.isEmpty()) {
        continue;
      }
      boolean numbers = Character.isDigit(part.charAt(0)) && !name.isEmpty();
      name.append(numbers ? "_" : "").append(Character.toUpperCase(part.charAt(0)));
      name.append(part, 1, part.length());
    }
    return name.toString();
  }
}
