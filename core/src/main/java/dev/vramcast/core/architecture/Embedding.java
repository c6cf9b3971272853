package dev.vramcast.core.architecture;

/** A lookup table of {@code rows} vectors of {@code width} elements. */
public record Embedding(String name, long rows, long width) {

  public long parameterCount() {
    return Math.multiplyExact(rows, width);
  }
}
