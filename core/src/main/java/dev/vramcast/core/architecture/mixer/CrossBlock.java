package dev.vramcast.core.architecture.mixer;

import dev.vramcast.core.architecture.tensor.Norm;

/**
 * Cross-attention of its own between a layer's mixer and its MLP, with a residual addition
 * (transformers WhisperDecoderLayer).
 *
 * @param before norm of its input; of the sum where those of the layer are behind theirs (BART)
 */
public record CrossBlock(Norm before, CrossAttention attention) {}
