package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.mlp.Activation;
import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;
import java.util.Optional;

/**
 * What stands after the last layer.
 *
 * @param linears the language-model head alone or after its dense transform (BERT), or the pooler
 *     and classifier of {@link Kind#SEQUENCE_CLASSIFICATION}, or the classifier of {@link
 *     Kind#TOKEN_CLASSIFICATION}
 * @param tied the weight of the last linear is the token embedding's
 * @param transform what follows the dense transform
 * @param reading which tokens a classifier of sequences reads
 * @param dropout of what a {@link Kind#TOKEN_CLASSIFICATION} reads
 */
public record Head(
    Kind kind,
    List<Linear> linears,
    boolean tied,
    Logits logits,
    Transform transform,
    Reading reading,
    double dropout) {

  /**
   * What becomes of logits.
   *
   * @param softcap their cap, 0 for none (Gemma 2)
   * @param scaled they are multiplied by a constant (Granite, Cohere)
   * @param normalised the weight that makes them is divided by its columns' lengths before (Ling)
   */
  public record Logits(double softcap, boolean scaled, boolean normalised) {

    /** Nothing does. */
    static final Logits BARE = new Logits(0, false, false);
  }

  /**
   * What stands between the dense transform and the last linear (BERT).
   *
   * @param norm behind the activation
   */
  public record Transform(Activation activation, Optional<Norm> norm) {

    /** GELU alone. */
    static final Transform GELU = new Transform(Activation.GELU, Optional.empty());
  }

  /** Which tokens a classifier of sequences reads. */
  public enum Reading {
    /** The first where linears stand before the last one, else all. */
    USUAL,
    /** All, of whose scores means are taken (EuroBERT's {@code late}). */
    EVERY_TOKEN,
    /** The first, by the last linear itself (UltraBERT). */
    FIRST_TOKEN
  }

  /** What the model predicts. */
  public enum Kind {
    LANGUAGE_MODEL,
    /** Hidden tokens (BERT). */
    MASKED_LANGUAGE_MODEL,
    /** Hidden tokens, from their hidden states alone ({@code sparse_prediction}, ModernBERT). */
    SPARSE_MASKED_LANGUAGE_MODEL,
    SEQUENCE_CLASSIFICATION,
    /** A class for each token, of its hidden state alone. */
    TOKEN_CLASSIFICATION,
    /**
     * Nothing: the last hidden states are the result. Linears are a pooler of which nothing is
     * read, and which so is never trained.
     */
    HIDDEN_STATES
  }

  public Head {
    linears = List.copyOf(linears);
  }

  /** The last linear is over the vocabulary. */
  public boolean predictsWords() {
    return !classifies() && kind != Kind.HIDDEN_STATES;
  }

  /** The last linear is over classes. */
  public boolean classifies() {
    return kind == Kind.SEQUENCE_CLASSIFICATION || kind == Kind.TOKEN_CLASSIFICATION;
  }

  /** The path of the last linear where it is tied to the token embedding, or "". */
  public String tiedPath() {
    return tied ? linears.get(linears.size() - 1).name() : "";
  }

  /** A head of linears alone. */
  public static Head of(Kind kind, List<Linear> linears, boolean tied) {
    return new Head(kind, linears, tied, Logits.BARE, Transform.GELU, Reading.USUAL, 0);
  }

  /** One whose last linear has a weight of its own. */
  public static Head of(Kind kind, List<Linear> linears) {
    return of(kind, linears, false);
  }

  /** A classifier of tokens. */
  public static Head ofTokens(Linear classes, double dropout) {
    Kind kind = Kind.TOKEN_CLASSIFICATION;
    return new Head(
        kind, List.of(classes), false, Logits.BARE, Transform.GELU, Reading.USUAL, dropout);
  }

  /** The model predicts tokens that are hidden, not those that come next. */
  public boolean predictsHidden() {
    return kind == Kind.MASKED_LANGUAGE_MODEL || kind == Kind.SPARSE_MASKED_LANGUAGE_MODEL;
  }

  /** The same whose logits become this. */
  public Head with(Logits made) {
    return new Head(kind, linears, tied, made, transform, reading, dropout);
  }

  /** The same with a norm before the last linear. */
  public Head normed(Norm norm) {
    return of(linears, Optional.of(norm));
  }

  /** The same of other linears and another norm. */
  public Head of(List<Linear> others, Optional<Norm> norm) {
    Transform made = new Transform(transform.activation(), norm);
    return new Head(kind, others, tied, logits, made, reading, dropout);
  }

  /** The same with another activation behind the dense transform. */
  public Head activated(Activation by) {
    Transform made = new Transform(by, transform.norm());
    return new Head(kind, linears, tied, logits, made, reading, dropout);
  }

  /** A classifier that reads these tokens. */
  public Head reading(Reading tokens) {
    return new Head(kind, linears, tied, logits, transform, tokens, dropout);
  }
}
