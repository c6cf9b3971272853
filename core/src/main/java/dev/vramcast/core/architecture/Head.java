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
 * @param logitSoftcap cap of the logits, 0 for none (Gemma 2)
 * @param scaledLogits logits are multiplied by a constant (Granite, Cohere)
 * @param norm between the dense transform and the last linear (BERT)
 * @param activation behind the dense transform
 * @param everyToken a classifier scores every token, and means are its scores (EuroBERT's {@code
 *     late})
 * @param dropout of what a {@link Kind#TOKEN_CLASSIFICATION} reads
 */
public record Head(
    Kind kind,
    List<Linear> linears,
    boolean tied,
    double logitSoftcap,
    boolean scaledLogits,
    Optional<Norm> norm,
    Activation activation,
    boolean everyToken,
    double dropout) {

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

  /** A classifier of tokens. */
  public static Head ofTokens(Linear classes, double dropout) {
    return new Head(
        Kind.TOKEN_CLASSIFICATION,
        List.of(classes),
        false,
        0,
        false,
        Optional.empty(),
        Activation.GELU,
        false,
        dropout);
  }

  /** The model predicts tokens that are hidden, not those that come next. */
  public boolean predictsHidden() {
    return kind == Kind.MASKED_LANGUAGE_MODEL || kind == Kind.SPARSE_MASKED_LANGUAGE_MODEL;
  }

  /** A head of linears alone. */
  public Head(
      Kind kind, List<Linear> linears, boolean tied, double logitSoftcap, boolean scaledLogits) {
    this(kind, linears, tied, logitSoftcap, scaledLogits, Optional.empty());
  }

  /** One whose transform is GELU's. */
  public Head(
      Kind kind,
      List<Linear> linears,
      boolean tied,
      double logitSoftcap,
      boolean scaledLogits,
      Optional<Norm> norm) {
    this(kind, linears, tied, logitSoftcap, scaledLogits, norm, Activation.GELU, false, 0);
  }

  /** The same of other linears and another norm. */
  public Head of(List<Linear> others, Optional<Norm> another) {
    return new Head(
        kind, others, tied, logitSoftcap, scaledLogits, another, activation, everyToken, dropout);
  }

  /** The same with another activation behind the dense transform. */
  public Head activated(Activation by) {
    return new Head(kind, linears, tied, logitSoftcap, scaledLogits, norm, by, everyToken, dropout);
  }

  /** A classifier that scores every token. */
  public Head ofEveryToken() {
    return new Head(
        kind, linears, tied, logitSoftcap, scaledLogits, norm, activation, true, dropout);
  }
}
