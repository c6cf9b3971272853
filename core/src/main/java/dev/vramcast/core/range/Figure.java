package dev.vramcast.core.range;

import dev.vramcast.core.input.Named;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Which numbers of an estimate a range is about. */
public enum Figure implements Named {
  /** Any number of a real run. */
  ANY("any", "all figures", null),
  /** Peak of the bytes that PyTorch has given out. */
  ALLOCATED("allocated", "allocated", ANY),
  /**
   * What its caching allocator has taken from the driver, or what the driver reports. The second is
   * the first and a CUDA context of known size, so they err alike.
   */
  HELD("reserved-or-device", "reserved or device", ANY),
  /**
   * Allocated bytes of code that was run without a GPU. Nobody's job is of this kind, and what is
   * counted so says nothing about real runs, so it is part of no wider group.
   */
  COUNTED("counted", "counted", null);

  private final String label;
  private final String words;

  /** Null when there is none. */
  private final @Nullable Figure wider;

  Figure(String label, String words, @Nullable Figure wider) {
    this.label = label;
    this.words = words;
    this.wider = wider;
  }

  @Override
  public String label() {
    return label;
  }

  /** For people, e.g. {@code reserved or device}. */
  String words() {
    return words;
  }

  /** The larger group of numbers that this belongs to; empty when there is none. */
  Optional<Figure> wider() {
    return Optional.ofNullable(wider);
  }
}
