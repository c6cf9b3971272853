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
   * What its caching allocator has taken from the driver, or what the driver reports, where a
   * source does not say which of the two.
   */
  HELD("reserved-or-device", "reserved or device", ANY),
  /** What PyTorch's caching allocator has taken from the driver. */
  RESERVED("reserved", "reserved", HELD),
  /** What the driver reports. */
  DEVICE("device", "device", HELD),
  /**
   * Allocated bytes of code that was run without a GPU. Nobody's job is of this kind, so it is part
   * of no wider group; {@link RangeTable} says what part it has in the ranges of real runs.
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
  public String words() {
    return words;
  }

  /** The larger group of numbers that this belongs to; empty when there is none. */
  Optional<Figure> wider() {
    return Optional.ofNullable(wider);
  }

  /** Whether numbers of another kind belong to this one. */
  boolean includes(Figure other) {
    Figure group = other;
    while (group != null && group != this) {
      group = group.wider;
    }
    return group != null;
  }
}
