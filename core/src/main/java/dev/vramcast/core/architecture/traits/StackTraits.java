package dev.vramcast.core.architecture.traits;

/**
 * How embeddings and layers are put together.
 *
 * @param scalesInEmbedding the constant that embeddings are multiplied with is applied in the
 *     embedding's own module
 * @param ignoresCheckpointing asking for gradient checkpointing does nothing
 * @param returnsCache the key-value cache is returned even when layers are checkpointed
 * @param sharesKeysAndValues later layers read keys and values of earlier ones
 * @param holdsMixerOutput a layer's code has a name of its own for the mixer's output, which
 *     therefore lives until the layer returns
 * @param ownLinears the layers' projections are of a class of the model's own that extends {@code
 *     nn.Linear}
 */
public record StackTraits(
    Versions scalesInEmbedding,
    Versions ignoresCheckpointing,
    Versions returnsCache,
    boolean sharesKeysAndValues,
    boolean holdsMixerOutput,
    boolean ownLinears,
    RecurrentPath recurrent) {

  /** In code that is not Transformers': no layer has names or linears of its own. */
  StackTraits elsewhere() {
    return new StackTraits(
        scalesInEmbedding,
        ignoresCheckpointing,
        returnsCache,
        sharesKeysAndValues,
        false,
        false,
        recurrent);
  }
}
