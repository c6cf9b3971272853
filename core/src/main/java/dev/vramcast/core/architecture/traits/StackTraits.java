package dev.vramcast.core.architecture.traits;

/**
 * How embeddings and layers are put together.
 *
 * @param scalesInEmbedding the constant that embeddings are multiplied with is applied in the
 *     embedding's own module
 * @param ignoresCheckpointing asking for gradient checkpointing does nothing
 * @param returnsCache the key-value cache is returned even when layers are checkpointed
 * @param sharesKeysAndValues later layers read keys and values of earlier ones
 */
public record StackTraits(
    Versions scalesInEmbedding,
    Versions ignoresCheckpointing,
    Versions returnsCache,
    boolean sharesKeysAndValues,
    RecurrentPath recurrent) {}
