package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Attention of tokens to what an encoder has made: queries are the layer's own, keys and values of
 * the encoder's states (transformers MllamaTextCrossAttention).
 *
 * @param queryNorm over a head's features, as is {@code keyNorm}
 */
public record CrossAttention(
    int heads,
    int kvHeads,
    int headSize,
    Linear query,
    Linear key,
    Linear value,
    Linear output,
    Optional<Norm> queryNorm,
    Optional<Norm> keyNorm)
    implements TokenMixer {

  @Override
  public List<Linear> linears() {
    return List.of(query, key, value, output);
  }

  /** Those that the encoder's states go through. */
  public List<Linear> ofStates() {
    return List.of(key, value);
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
