package dev.vramcast.core.architecture.mlp;

/**
 * Dropout of what the last projection of an MLP reads, which is then brought to the dtype of its
 * weight (transformers T5DenseActDense.forward).
 */
public record InnerDropout(double rate) {}
