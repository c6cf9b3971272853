package dev.vramcast.core.architecture;

/**
 * A lookup table of {@code rows} vectors of {@code width} elements.
 *
 * @param trained it is where the model is; else a parameter that never gets a gradient
 * @param ofEach of positions: each sequence has rows of its own, since they follow from its mask
 */
public record Embedding(String name, long rows, long width, boolean trained, boolean ofEach) {

  public Embedding(String name, long rows, long width) {
    this(name, rows, width, true, false);
  }

  /** The same, which nobody trains. */
  public Embedding fixed() {
    return new Embedding(name, rows, width, false, ofEach);
  }

  /** The same, of positions that are counted along each sequence's mask. */
  public Embedding alongMask() {
    return new Embedding(name, rows, width, trained, true);
  }

  /** The same by another name. */
  public Embedding named(String other) {
    return new Embedding(other, rows, width, trained, ofEach);
  }

  public long parameterCount() {
    return Math.multiplyExact(rows, width);
  }
}
