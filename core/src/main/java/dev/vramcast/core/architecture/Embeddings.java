package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Norm;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What stands before the first layer.
 *
 * @param position learned absolute positions (GPT-2, BERT)
 * @param constants a table of positions that is no parameter (XGLM, M2M100)
 * @param tokenType segment embedding (BERT)
 * @param norm normalisation of the sum (BERT, Bloom)
 * @param normsTokens the norm is a part of the token embedding (Muse Glimmer)
 * @param scaled the sum is multiplied by a constant (Gemma, Granite)
 * @param dropout probability on the sum; empty where the code has none, as in {@link
 *     DecoderLayer.Dropout}
 */
public record Embeddings(
    Embedding token,
    Optional<Embedding> position,
    Optional<Constants> constants,
    Optional<Embedding> tokenType,
    Optional<Norm> norm,
    boolean normsTokens,
    boolean scaled,
    OptionalDouble dropout) {

  /**
   * A table of constants whose rows are added.
   *
   * @param rows of all such tables of the model
   * @param ofEach each sequence has rows of its own, since positions follow from its tokens
   */
  public record Constants(long rows, boolean ofEach) {}

  /** Elements that full fine-tuning leaves. */
  long stillCount() {
    return position.filter(table -> !table.trained()).map(Embedding::parameterCount).orElse(0L);
  }
}
