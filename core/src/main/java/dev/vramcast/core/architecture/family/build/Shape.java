package dev.vramcast.core.architecture.family.build;

import dev.vramcast.core.architecture.ModelConfig;

/**
 * The numbers every decoder has.
 *
 * @param maxPositions 0 when the config names no limit
 */
public record Shape(
    long hidden,
    int heads,
    int kvHeads,
    int headSize,
    int layers,
    long vocabulary,
    long maxPositions) {

  private static final int MAX_LAYERS = 10_000;
  private static final int MAX_HEADS = 1 << 16;

  /** The usual keys; a head's size is {@code head_dim}, or the hidden size over the heads. */
  public static Shape of(ModelConfig config) {
    return of(config, 0);
  }

  /**
   * As {@link #of(ModelConfig)}, with the default of the config class for {@code head_dim}.
   *
   * @param defaultHeadSize 0 for the hidden size over the heads
   */
  public static Shape of(ModelConfig config, int defaultHeadSize) {
    long hidden = config.size("hidden_size");
    int heads = heads(config, "num_attention_heads");
    int kvHeads =
        config.optionalSize("num_key_value_heads").isPresent()
            ? heads(config, "num_key_value_heads")
            : heads;
    int headSize = (int) bounded(config, "head_dim", config.count("head_dim", 0), MAX_HEADS);
    if (headSize == 0) {
      headSize = defaultHeadSize;
    }
    return of(
        config,
        hidden,
        heads,
        kvHeads,
        headSize,
        layers(config, "num_hidden_layers"),
        config.size("vocab_size"));
  }

  /** Checked numbers of a config with keys of its own; {@code headSize} 0 is derived. */
  public static Shape of(
      ModelConfig config,
      long hidden,
      int heads,
      int kvHeads,
      int headSize,
      int layers,
      long vocabulary) {
    divides(config, kvHeads, "key-value heads", heads, "attention heads");
    if (headSize == 0) {
      divides(config, heads, "attention heads", hidden, "hidden size");
      headSize = Math.toIntExact(hidden / heads);
    }
    long maxPositions = config.count("max_position_embeddings", 0);
    return new Shape(hidden, heads, kvHeads, headSize, layers, vocabulary, maxPositions);
  }

  /** A number of layers, at most 10,000. */
  public static int layers(ModelConfig config, String key) {
    return (int) bounded(config, key, config.size(key), MAX_LAYERS);
  }

  /** A number of heads, at most 65,536. */
  public static int heads(ModelConfig config, String key) {
    return (int) bounded(config, key, config.size(key), MAX_HEADS);
  }

  /** Throws unless {@code divisor} divides {@code number}. */
  public static void divides(
      ModelConfig config, long divisor, String divisorName, long number, String numberName) {
    if (number % divisor != 0) {
      throw config
          .about(numberName)
          .is(number)
          .and(", which is not a multiple of ", divisorName, " ", divisor)
          .refusal();
    }
  }

  private static long bounded(ModelConfig config, String key, long value, long limit) {
    if (value > limit) {
      throw config.about(key).is(value).allowed("at most ", limit).refusal();
    }
    return value;
  }

  /** As this, with another number of positions. */
  public Shape withMaxPositions(long positions) {
    return new Shape(hidden, heads, kvHeads, headSize, layers, vocabulary, positions);
  }

  /** As this, with another number of query heads. */
  public Shape withHeads(ModelConfig config, int count) {
    if (count < 1 || count > MAX_HEADS) {
      throw config.about("heads").is(count).allowed("from 1 to ", MAX_HEADS).refusal();
    }
    divides(config, kvHeads, "key-value heads", count, "attention heads");
    return new Shape(hidden, count, kvHeads, headSize, layers, vocabulary, maxPositions);
  }

  /** As this, with another number of key-value heads. */
  public Shape withKvHeads(ModelConfig config, int count) {
    divides(config, count, "key-value heads", heads, "attention heads");
    return new Shape(hidden, heads, count, headSize, layers, vocabulary, maxPositions);
  }

  /** Features of all query heads. */
  public long queryWidth() {
    return (long) heads * headSize;
  }

  /** Features of all key heads. */
  public long keyWidth() {
    return (long) kvHeads * headSize;
  }
}
