package dev.vramcast.core.architecture.traits;

import java.util.Set;

/**
 * How embeddings and layers are put together.
 *
 * @param scalesInEmbedding the constant that embeddings are multiplied with is applied in the
 *     embedding's own module
 * @param ignoresCheckpointing asking for gradient checkpointing does nothing
 * @param returnsCache the key-value cache is returned even when layers are checkpointed
 * @param cachesBelow the language model's own config says whether it caches keys and values, which
 *     who turns caching off in that of the whole model leaves as it is
 * @param sharesKeysAndValues later layers read keys and values of earlier ones
 * @param held what lives until a layer returns, as its code has a name for it
 * @param ownLinears the layers' projections are of a class of the model's own that extends {@code
 *     nn.Linear}
 * @param callsDropout hidden states are dropped out by a function that gets the rate, which who
 *     sets those of modules to 0 does not reach
 * @param end what becomes of the last norm's result
 * @param onceEmbedded encoder and decoder look tokens up by one module
 * @param separatelyEmbedded tokens are looked up by modules of which none is the model's input
 *     embedding
 * @param widensKept what a quantised model keeps of its layers is loaded in fp32
 */
public record StackTraits(
    Versions scalesInEmbedding,
    Versions ignoresCheckpointing,
    Versions returnsCache,
    Versions cachesBelow,
    boolean sharesKeysAndValues,
    Set<HeldOutput> held,
    boolean ownLinears,
    RecurrentPath recurrent,
    boolean callsDropout,
    End end,
    Versions onceEmbedded,
    Versions separatelyEmbedded,
    Versions widensKept) {

  /**
   * What follows the last norm (transformers T5Stack.forward, T5ForConditionalGeneration.forward).
   *
   * @param drops its result is dropped out at the rate of embeddings
   * @param scales the head reads it times a constant
   * @param biased a constant of the vocabulary's size is added to the logits (BART)
   */
  public record End(boolean drops, boolean scales, boolean biased) {

    /** Nothing does. */
    static final End BARE = new End(false, false, false);
  }

  public StackTraits {
    held = Set.copyOf(held);
  }

  StackTraits cachesBelow(Versions versions) {
    return new StackTraits(
        scalesInEmbedding,
        ignoresCheckpointing,
        returnsCache,
        versions,
        sharesKeysAndValues,
        held,
        ownLinears,
        recurrent,
        callsDropout,
        end,
        onceEmbedded,
        separatelyEmbedded,
        widensKept);
  }

  /** In code that is not Transformers': no layer has names or linears of its own. */
  StackTraits elsewhere() {
    return new StackTraits(
        scalesInEmbedding,
        ignoresCheckpointing,
        returnsCache,
        Versions.NONE,
        sharesKeysAndValues,
        Set.of(),
        false,
        recurrent,
        callsDropout,
        end,
        onceEmbedded,
        separatelyEmbedded,
        widensKept);
  }
}
