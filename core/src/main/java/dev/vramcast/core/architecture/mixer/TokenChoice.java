package dev.vramcast.core.architecture.mixer;

import java.util.Optional;

/**
 * Attention to chosen tokens alone.
 *
 * @param count of tokens that a query sees at the most
 * @param indexer what chooses them; empty where a layer takes the choice of one before it
 * @param handedOn the next layer gets the choice beside the hidden states (GLM-5)
 */
public record TokenChoice(int count, Optional<Indexer> indexer, boolean handedOn) {

  /** The same of a layer before it. */
  public TokenChoice ofAnother() {
    return new TokenChoice(count, Optional.empty(), handedOn);
  }
}
