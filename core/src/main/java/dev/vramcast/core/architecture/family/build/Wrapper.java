package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Embedding;
import dev.vramcast.core.architecture.Embeddings;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.Tower;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import dev.vramcast.core.architecture.traits.Versions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Puts a language model and towers together. */
public final class Wrapper {

  /** Sizes of the config classes whose defaults published {@code text_config}s leave out. */
  private static final Map<String, Map<String, Object>> DEFAULTS =
      Map.of(
          "gemma3_text",
              Map.of(
                  "vocab_size", 262208,
                  "hidden_size", 2304,
                  "intermediate_size", 9216,
                  "num_hidden_layers", 26,
                  "num_attention_heads", 8,
                  "num_key_value_heads", 4),
          "llama",
              Map.of(
                  "vocab_size", 32000,
                  "hidden_size", 4096,
                  "intermediate_size", 11008,
                  "num_hidden_layers", 32,
                  "num_attention_heads", 32),
          "mistral",
              Map.of(
                  "vocab_size", 32000,
                  "hidden_size", 4096,
                  "intermediate_size", 14336,
                  "num_hidden_layers", 32,
                  "num_attention_heads", 32,
                  "num_key_value_heads", 8));

  /** All such models have a {@code text_config} that their language models run by. */
  private static final Versions BELOW = Versions.since(4, 52);

  private Wrapper() {}

  /**
   * The language model's config: {@code text_config}, or the config itself where its keys stand
   * beside {@code vision_config}.
   *
   * @param type its {@code model_type} when it names none
   */
  public static ModelConfig text(ModelConfig config, String type) {
    Optional<ModelConfig> nested = config.nested("text_config");
    Map<String, Object> values = new HashMap<>(nested.orElse(config).values());
    if (nested.isEmpty()) {
      values.put("model_type", type);
    }
    values.putIfAbsent("model_type", type);
    Object tied = config.values().get("tie_word_embeddings");
    if (tied != null) {
      values.putIfAbsent("tie_word_embeddings", tied);
    }
    values.remove("architectures");
    return Keys.withDefaults(
        new ModelConfig(nested.orElse(config).place(), values),
        DEFAULTS.getOrDefault(String.valueOf(values.get("model_type")), Map.of()));
  }

  /** The nested config {@code key}, empty when absent. */
  public static ModelConfig part(ModelConfig config, String key) {
    return config.nested(key).orElse(config.within(key, Map.of()));
  }

  /** The text model with towers, its modules below {@code model.language_model}. */
  public static Architecture wrap(ModelConfig config, Architecture text, List<Tower> towers) {
    return wrap(
        config, text, path -> path.replaceFirst("^model\\.", "model.language_model."), towers);
  }

  /**
   * The same model, whose whole config says whether keys and values are cached since 5.4 ({@code
   * merge_with_config_defaults} around its forward passes).
   */
  public static Architecture cachedAbove(Architecture whole) {
    return whole.cachesBelow(Versions.until(5, 4));
  }

  /** The text model, whose code runs, with towers; its paths are rewritten. */
  public static Architecture wrap(
      ModelConfig config, Architecture text, UnaryOperator<String> path, List<Tower> towers) {
    Embeddings embeddings = text.embeddings();
    Head head = text.head();
    return text.toBuilder()
        .modelType(config.text("model_type", ""))
        .traits(text.traits().asPart().cachesBelow(BELOW))
        .layerPath(path.apply(text.layerPath()))
        .embeddings(
            new Embeddings(
                renamed(embeddings.token(), path),
                embeddings.position().map(table -> renamed(table, path)),
                embeddings.constants(),
                embeddings.tokenType().map(table -> renamed(table, path)),
                embeddings.norm().map(norm -> renamed(norm, path)),
                embeddings.normsTokens(),
                embeddings.scaled(),
                embeddings.dropout()))
        .finalNorm(text.finalNorm().map(norm -> renamed(norm, path)))
        .head(
            head.of(
                head.linears().stream().map(linear -> renamed(linear, path)).toList(),
                head.transform().norm().map(norm -> renamed(norm, path))))
        .towers(towers)
        .extras(text.extras().renamed(tensor -> renamed(tensor, path)))
        .build();
  }

  private static Embedding renamed(Embedding table, UnaryOperator<String> path) {
    return table.named(path.apply(table.name()));
  }

  private static Norm renamed(Norm norm, UnaryOperator<String> path) {
    return new Norm(
        path.apply(norm.name()), norm.type(), norm.size(), norm.weighted(), norm.bias());
  }

  private static Linear renamed(Linear linear, UnaryOperator<String> path) {
    return new Linear(path.apply(linear.name()), linear.in(), linear.out(), linear.bias());
  }

  private static ParameterTensor renamed(ParameterTensor tensor, UnaryOperator<String> path) {
    return new ParameterTensor(path.apply(tensor.name()), tensor.shape(), tensor.group());
  }
}
