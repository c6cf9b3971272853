package dev.vramcast.core.architecture;

/**
 * A lookup table of {@code rows} vectors of {@code width} elements.
 *
 * @param trained it is where the model is; else a parameter that never gets a gradient
 */
public record Embedding(String name, long rows, long width, boolean trained) {

  public Embedding(String name, long rows, long width) {
    this(name, rows, width, true);
  }

  /** The same, which nobody trains. */
  public Embedding fixed() {
    return new Embedding(name, rows, width, false);
  }

  /** The same by another name. */
  public Embedding named(String other) {
    return new Embedding(other, rows, width, trained);
  }

  public long parameterCount() {
    return Math.multiplyExact(rows, width);
  }
}
