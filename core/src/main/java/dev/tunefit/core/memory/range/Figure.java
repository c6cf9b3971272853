package dev.tunefit.core.memory.range;

import dev.tunefit.core.job.Named;
import java.util.Optional;

/** Which number of an estimate a range is about, or a group of such numbers. */
public enum Figure implements Named {
  /** Any number of a real run. */
  ANY("any", "all figures", null),
  /**
   * What a card has to hold for the allocator: reserved bytes, with the CUDA context or without.
   */
  HELD("reserved-or-device", "reserved or device", ANY),
  /** Peak of the bytes that PyTorch has given out. */
  ALLOCATED("allocated", "allocated", ANY),
  /** What its caching allocator has taken from the driver. */
  RESERVED("reserved", "reserved", HELD),
  /** What the driver reports. */
  DEVICE("device", "device", HELD),
  /**
   * Allocated bytes of code that was run without a GPU. Nobody's job is of this kind, and what is
   * counted so says nothing about real runs, so it is part of no wider group.
   */
  COUNTED("counted", "counted", null);

  private final String label;
  private final String words;
  private final Figure wider;

  Figure(String label, String words, Figure wider) {
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

  /** The next larger group of numbers; empty when there is none. */
  Optional<Figure> wider() {
    return Optional.ofNullable(wider);
  }
}
