package dev.vramcast.core.architecture.mlp;

/**
 * Dropout of what the last projection of an MLP reads.
 *
 * @param casts what is left is brought to the dtype of the projection's weight (transformers
 *     T5DenseActDense.forward)
 */
public record InnerDropout(double rate, boolean casts) {}
