package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * Attention of tokens to what an encoder has made: queries are the layer's own, keys and values of
 * the encoder's states (transformers MllamaTextCrossAttention).
 *
 * @param queryNorm over a head's features, as is {@code keyNorm}
 * @param dropout probability on the attention weights
 * @param bias zeros that are added to the scores as a bias by position would be (T5)
 */
public record CrossAttention(
    int heads,
    int kvHeads,
    int headSize,
    Projections projections,
    Optional<Norm> queryNorm,
    Optional<Norm> keyNorm,
    double dropout,
    Bias bias)
    implements TokenMixer {

  /** Of the layer's own states, of the encoder's twice, and of what was attended. */
  public record Projections(Linear query, Linear key, Linear value, Linear output) {}

  /** Whether scores have a bias. */
  public enum Bias {
    NONE,
    /** The layer makes it for itself and for all behind it. */
    MADE,
    /** The layer reads what the first one has made. */
    READ
  }

  /** One that drops nothing. */
  public CrossAttention(
      int heads,
      int kvHeads,
      int headSize,
      Projections projections,
      Optional<Norm> queryNorm,
      Optional<Norm> keyNorm) {
    this(heads, kvHeads, headSize, projections, queryNorm, keyNorm, 0, Bias.NONE);
  }

  /** The same with other projections. */
  public CrossAttention with(UnaryOperator<Linear> other) {
    Projections all =
        new Projections(
            other.apply(projections.query()),
            other.apply(projections.key()),
            other.apply(projections.value()),
            other.apply(projections.output()));
    return new CrossAttention(heads, kvHeads, headSize, all, queryNorm, keyNorm, dropout, bias);
  }

  @Override
  public List<Linear> linears() {
    return List.of(
        projections.query(), projections.key(), projections.value(), projections.output());
  }

  /** Those that the encoder's states go through. */
  public List<Linear> ofStates() {
    return List.of(projections.key(), projections.value());
  }

  @Override
  public List<Norm> norms() {
    return Stream.of(queryNorm, keyNorm).flatMap(Optional::stream).toList();
  }

  @Override
  public List<ParameterTensor> others() {
    return List.of();
  }
}
