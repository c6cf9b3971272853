package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.architecture.tensor.Norm;
import java.util.List;

/**
 * What chooses the tokens that each query attends to, without a gradient (DeepSeek V3.2's sparse
 * attention, transformers DeepseekV32Indexer).
 *
 * @param heads of its own, which share one key a token
 * @param query from the low-rank query
 * @param key from the layer's input
 * @param keyNorm over a key
 * @param weights one number a head, from the layer's input
 */
public record Indexer(int heads, Linear query, Linear key, Norm keyNorm, Linear weights) {

  public List<Linear> linears() {
    return List.of(query, key, weights);
  }
}
