package dev.vramcast.core.architecture.traits;

/**
 * How a model's attention is written around its kernel.
 *
 * @param sdpa can be asked for; otherwise the eager attention runs in its place
 * @param ownSdpa repeats keys and values before SDPA in an attention class of its own
 * @param repeatsBeforeFlash FlashAttention 2 gets keys and values repeated for every query head
 * @param fp32Scores query and key become fp32 before their product
 * @param alwaysMasks a mask is built even where SDPA needs none, and one more for sliding layers
 * @param modelMask the model keeps a boolean causal mask as buffer
 * @param layerMasks every layer keeps a boolean causal mask as buffer
 * @param normalisesValues by a norm without weight
 */
public record AttentionTraits(
    Versions sdpa,
    Versions ownSdpa,
    Versions repeatsBeforeFlash,
    boolean fp32Scores,
    Versions alwaysMasks,
    Versions modelMask,
    Versions layerMasks,
    boolean normalisesValues) {}
