package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.ParameterTensor;
import java.util.Optional;

/**
 * Numbers by the distance of two tokens that are added to the scores of each head (transformers
 * T5Attention.compute_bias).
 *
 * @param table learned ones, a row for each bucket of distances; empty where a layer reads what the
 *     first one has made of its own
 * @param causal tokens see those before them alone
 */
public record PositionBias(Optional<ParameterTensor> table, boolean causal) {}
