package dev.vramcast.core.module;

import dev.vramcast.core.architecture.DecoderLayer;
import dev.vramcast.core.module.part.Norms;
import org.jspecify.annotations.Nullable;

/**
 * The norms of a decoder layer, each null where the layer does not have it.
 *
 * @param beforeMixer as {@link DecoderLayer#beforeMixer}, and the others alike
 */
record LayerNorms(
    @Nullable Norms beforeMixer,
    @Nullable Norms afterMixer,
    @Nullable Norms beforeMlp,
    @Nullable Norms afterMlp) {}
