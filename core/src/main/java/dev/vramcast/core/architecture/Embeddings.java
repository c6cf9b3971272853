package dev.vramcast.core.architecture;

import dev.vramcast.core.architecture.tensor.Norm;
import java.util.Optional;

/**
 * What stands before the first layer.
 *
 * @param position learned absolute positions (GPT-2, BERT)
 * @param fixedPositions rows of a table of constants that is added (XGLM), 0 for none
 * @param tokenType segment embedding (BERT)
 * @param norm normalisation of the sum (BERT, Bloom)
 * @param normsTokens the norm is a part of the token embedding (Muse Glimmer)
 * @param scaled the sum is multiplied by a constant (Gemma, Granite)
 */
public record Embeddings(
    Embedding token,
    Optional<Embedding> position,
    long fixedPositions,
    Optional<Embedding> tokenType,
    Optional<Norm> norm,
    boolean normsTokens,
    boolean scaled,
    double dropout) {}
