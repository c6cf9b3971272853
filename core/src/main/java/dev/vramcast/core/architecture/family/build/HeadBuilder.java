package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.Head;
import dev.vramcast.core.architecture.ModelConfig;
import dev.vramcast.core.architecture.tensor.Linear;
import java.util.List;
import java.util.Optional;

/** The head of a decoder: a language-model head, or the classifier its architecture names. */
public final class HeadBuilder {

  private final ModelConfig config;
  private final Shape shape;
  private Optional<Head> fixed = Optional.empty();
  private String name = "lm_head";
  private long width;
  private boolean bias;
  private boolean tiedByDefault;
  private boolean neverTied;
  private double softcap;
  private boolean scaled;
  private boolean normalised;

  HeadBuilder(ModelConfig config, Shape shape) {
    this.config = config;
    this.shape = shape;
    this.width = shape.hidden();
  }

  /** A head of the family's own in place of the usual one. */
  public HeadBuilder fixed(Head head) {
    this.fixed = Optional.of(head);
    return this;
  }

  HeadBuilder width(long width) {
    this.width = width;
    return this;
  }

  HeadBuilder name(String name) {
    this.name = name;
    return this;
  }

  public HeadBuilder bias(boolean bias) {
    this.bias = bias;
    return this;
  }

  /** Tied unless {@code tie_word_embeddings} says otherwise. */
  public HeadBuilder tiedByDefault() {
    this.tiedByDefault = true;
    return this;
  }

  /**
   * Whatever the config says, where the class in Transformers ties nothing ({@code
   * _tied_weights_keys}); a checkpoint's own code, which older releases run, is not followed.
   */
  public HeadBuilder neverTied() {
    this.neverTied = true;
    return this;
  }

  public HeadBuilder softcap(double softcap) {
    this.softcap = softcap;
    return this;
  }

  public HeadBuilder scaled() {
    this.scaled = true;
    return this;
  }

  /** Whether the weight is divided by the lengths of its columns where it is used. */
  public HeadBuilder normalised(boolean normalised) {
    this.normalised = normalised;
    return this;
  }

  Head build() {
    return fixed.orElseGet(this::usual);
  }

  private Head usual() {
    String architecture = architecture(config);
    if (architecture.endsWith("ForSequenceClassification")) {
      return classifier();
    }
    if (architecture.endsWith("ForTokenClassification")) {
      return Head.ofTokens(
          new Linear("score", width, labels(config), true), dropout(config, "hidden_dropout"));
    }
    return Head.of(
            Head.Kind.LANGUAGE_MODEL,
            List.of(new Linear(name, width, shape.vocabulary(), bias)),
            !neverTied && config.flag("tie_word_embeddings", tiedByDefault))
        .with(new Head.Logits(softcap, scaled, normalised));
  }

  private Head classifier() {
    return Head.of(
        Head.Kind.SEQUENCE_CLASSIFICATION,
        List.of(new Linear("score", width, labels(config), false)));
  }

  /**
   * Before a classifier of tokens ({@code classifier_dropout}, transformers/modeling_layers.py
   * GenericForTokenClassification).
   *
   * @param other the key that holds where that is not said
   */
  public static double dropout(ModelConfig config, String other) {
    return config.number("classifier_dropout", config.number(other, 0.1));
  }

  /** The first of {@code architectures}, or empty. */
  public static String architecture(ModelConfig config) {
    List<?> architectures = config.list("architectures");
    return architectures.isEmpty() ? "" : String.valueOf(architectures.get(0));
  }

  /** Classes of a classifier: {@code num_labels}, the size of {@code id2label}, or 2. */
  public static long labels(ModelConfig config) {
    long named = config.nested("id2label").map(labels -> (long) labels.values().size()).orElse(2L);
    return config.size("num_labels", Math.max(1, named));
  }
}
