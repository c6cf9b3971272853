package dev.vramcast.core.architecture.traits;

import java.util.Set;

/**
 * How embeddings and layers are put together.
 *
 * @param ignoresCheckpointing asking for gradient checkpointing does nothing
 * @param end what becomes of the last norm's result
 */
public record StackTraits(
    Lookups lookups, LayerTraits layers, Versions ignoresCheckpointing, Caching caching, End end) {

  /**
   * Where tokens are looked up.
   *
   * @param scaled the constant that embeddings are multiplied with is applied in the embedding's
   *     own module
   * @param once encoder and decoder look tokens up by one module
   * @param apart by modules of which none is the model's input embedding
   */
  public record Lookups(Versions scaled, Versions once, Versions apart) {}

  /**
   * What a layer's code does around mixer and MLP.
   *
   * @param held what lives until a layer returns, as its code has a name for it
   * @param ownLinears the layers' projections are of a class of the model's own that extends {@code
   *     nn.Linear}
   * @param callsDropout hidden states are dropped out by a function that gets the rate, which who
   *     sets those of modules to 0 does not reach
   * @param widensKept what a quantised model keeps of its layers is loaded in fp32
   */
  public record LayerTraits(
      LayerNormCode layerNorm,
      RecurrentPath recurrent,
      Set<HeldOutput> held,
      boolean ownLinears,
      boolean callsDropout,
      Versions widensKept) {

    public LayerTraits {
      held = Set.copyOf(held);
    }

    LayerTraits elsewhere() {
      return new LayerTraits(layerNorm, recurrent, Set.of(), false, callsDropout, widensKept);
    }
  }

  /**
   * Keys and values that outlive the layer that makes them.
   *
   * @param returned the cache is returned even when layers are checkpointed
   * @param below the language model's own config says whether it caches keys and values, which who
   *     turns caching off in that of the whole model leaves as it is
   * @param shared later layers read keys and values of earlier ones
   * @param refused the model's config says {@code use_cache: false}
   * @param untrained nothing is cached in a pass that trains
   */
  public record Caching(
      Versions returned, Versions below, boolean shared, boolean refused, Versions untrained) {

    Caching below(Versions versions) {
      return new Caching(returned, versions, shared, refused, untrained);
    }

    Caching refuse() {
      return new Caching(returned, below, shared, true, untrained);
    }

    Caching untrained(Versions versions) {
      return new Caching(returned, below, shared, refused, versions);
    }
  }

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

  StackTraits cachesBelow(Versions versions) {
    return new StackTraits(lookups, layers, ignoresCheckpointing, caching.below(versions), end);
  }

  StackTraits uncachedInTraining(Versions versions) {
    return new StackTraits(lookups, layers, ignoresCheckpointing, caching.untrained(versions), end);
  }

  StackTraits withoutCache() {
    return new StackTraits(lookups, layers, ignoresCheckpointing, caching.refuse(), end);
  }

  /** In code that is not Transformers': no layer has names or linears of its own. */
  StackTraits elsewhere() {
    return new StackTraits(
        lookups, layers.elsewhere(), ignoresCheckpointing, caching.below(Versions.NONE), end);
  }
}
