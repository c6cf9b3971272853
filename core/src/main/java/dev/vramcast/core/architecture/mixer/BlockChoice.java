package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;

/**
 * What chooses blocks of keys for each query and group of heads, without a gradient (transformers
 * MiniMaxM3VLIndexer).
 *
 * @param heads of its own, one for each group of query heads, which share one key a token
 * @param headSize features of one
 * @param blockSize tokens of a block
 * @param count blocks that a query sees
 */
public record BlockChoice(
    int heads,
    int headSize,
    int blockSize,
    long count,
    Linear query,
    Linear key,
    Norm queryNorm,
    Norm keyNorm) {

  List<Linear> linears() {
    return List.of(query, key);
  }

  List<Norm> norms() {
    return List.of(queryNorm, keyNorm);
  }

  /** Blocks of a sequence of so many tokens. */
  public long blocks(long tokens) {
    return (tokens + blockSize - 1) / blockSize;
  }
}
