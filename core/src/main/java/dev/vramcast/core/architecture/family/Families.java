package dev.vramcast.core.architecture.family;

import dev.vramcast.core.architecture.Architecture;
import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.family.build.LanguagePart;
import dev.vramcast.core.architecture.family.build.ModelClass;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.input.InputException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads a model's structure from its {@code config.json}. */
public final class Families {

  private Families() {}

  /**
   * The structure of the model that {@code config} describes.
   *
   * @throws dev.vramcast.core.input.InputException when its {@code model_type} is missing or
   *     unknown, a required value is missing or values contradict each other
   */
  public static Architecture read(ModelConfig config) {
    Architecture model = FamilyReader.read(config);
    return config.flag("use_cache", true)
        ? model
        : model.toBuilder().traits(model.traits().withoutCache()).build();
  }

  /**
   * The model with a classifier of sequences in place of its head, as {@code
   * AutoModelForSequenceClassification} loads it; where its code has none, with its own head.
   *
   * @param labels classes
   * @throws InputException as {@link #read}
   */
  public static Architecture classifying(ModelConfig config, int labels) {
    return read(
        config.with(
            Map.of("architectures", List.of("ForSequenceClassification"), "num_labels", labels)));
  }

  /**
   * The model with a classifier of tokens in place of its head, as {@code
   * AutoModelForTokenClassification} loads it; where its code has none, with its own head.
   *
   * @param labels classes
   * @throws InputException as {@link #read}
   */
  public static Architecture labelling(ModelConfig config, int labels) {
    return read(
        config.with(
            Map.of("architectures", List.of("ForTokenClassification"), "num_labels", labels)));
  }

  /**
   * The model with a head over words whatever the config names, as {@code AutoModelForCausalLM}
   * loads it.
   *
   * @throws InputException as {@link #read}
   */
  public static Architecture speaking(ModelConfig config) {
    Architecture named = read(config);
    return named.head().classifies()
        ? read(config.with(Map.of("architectures", List.of("ForCausalLM"))))
        : named;
  }

  /**
   * The structure of the model with a head over hidden tokens, where its family has one.
   *
   * @throws InputException as {@link #read}
   */
  public static Architecture unmasking(ModelConfig config) {
    return read(config.with(Map.of("architectures", List.of("ForMaskedLM"))));
  }

  /**
   * Whether the model predicts tokens that are hidden where it predicts any: it reads text both
   * ways, and is no model of the next token.
   */
  public static boolean encodes(ModelConfig config) {
    return find(config).filter(model -> encodes(config, model)).isPresent();
  }

  /**
   * As {@link #encodes(ModelConfig)}, of a model that was read already.
   *
   * @param model as the config describes it
   */
  public static boolean encodes(ModelConfig config, Architecture model) {
    return model.head().predictsHidden()
        || !model.head().predictsWords() && unmasking(config).head().predictsHidden();
  }

  /**
   * The model without a head, as {@code AutoModel} loads it.
   *
   * @throws InputException as {@link #read}
   */
  public static Architecture embedding(ModelConfig config) {
    Architecture base = read(config.with(Map.of("architectures", List.of("Model"))));
    List<Linear> pooler = base.head().predictsWords() ? List.of() : base.head().linears();
    return base.toBuilder().head(Head.of(Head.Kind.HIDDEN_STATES, pooler)).build();
  }

  /**
   * The config of the part of a model that a class of Transformers loads, the same where that is
   * all of it.
   *
   * @throws InputException where the class does not load the model
   */
  public static ModelConfig loaded(ModelConfig config, ModelClass in) {
    return LanguagePart.of(config, in, () -> read(config).traits().source().causal());
  }

  /** The structure of the model, empty where {@link #read} refuses the config. */
  public static Optional<Architecture> find(ModelConfig config) {
    try {
      return Optional.of(read(config));
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  /** Every {@code model_type} that can be read, in alphabetical order. */
  public static Set<String> supported() {
    return FamilyReader.types();
  }
}
