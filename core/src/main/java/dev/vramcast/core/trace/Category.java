package dev.vramcast.core.trace;

/** What a block of memory is for. */
public enum Category {
  WEIGHTS("weights"),
  ADAPTERS("adapters"),

  /** Parameters put together from the shards of all ranks. */
  GATHERED("gathered parameters"),

  /** Buffers that collectives read and write. */
  COMMUNICATION("communication buffers"),
  GRADIENTS("gradients"),
  OPTIMIZER("optimizer"),
  ACTIVATIONS("activations"),
  LOGITS_AND_LOSS("logits and loss"),
  TEMPORARIES("temporaries"),

  /** Weights and pool of an engine that generates on the cards that train. */
  ENGINE("generation engine"),
  OTHER("other");

  private final String label;

  Category(String label) {
    this.label = label;
  }

  public String label() {
    return label;
  }
}
