package dev.vramcast.catalog.gpu;

import dev.vramcast.core.hardware.Gpu;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A device of the catalogue with the names that people give it. */
final class GpuRow {

  private final String name;
  private final Set<String> required;
  private final Set<String> optional;
  private final OptionalInt usual;
  private final Supplier<Described> reader;

  /** Null until it is first asked for; two threads may each read it, and read the same. */
  private volatile @Nullable Described described;

  /** A device with what else is known about it. */
  record Described(Gpu gpu, GpuRemark remark) {}

  /**
   * A row.
   *
   * @param required words that a name must contain to mean this device
   * @param optional words that it may contain beside them
   * @param usual its place among the cards that most people train on; empty where it is none
   * @param reader of what is known of it, called when it is first asked for
   */
  GpuRow(
      String name,
      Set<String> required,
      Set<String> optional,
      OptionalInt usual,
      Supplier<Described> reader) {
    this.name = name;
    this.required = required;
    this.optional = optional;
    this.usual = usual;
    this.reader = reader;
  }

  String name() {
    return name;
  }

  OptionalInt usual() {
    return usual;
  }

  Gpu gpu() {
    return described().gpu();
  }

  GpuRemark remark() {
    return described().remark();
  }

  private Described described() {
    Described known = described;
    if (known == null) {
      known = reader.get();
      described = known;
    }
    return known;
  }

  /** Whether a name made of these words means this device. */
  boolean matches(Set<String> words) {
    return words.containsAll(required) && covers(words);
  }

  /** Whether all these words may stand in a name of this device. */
  boolean covers(Set<String> words) {
    return words.stream().allMatch(word -> required.contains(word) || optional.contains(word));
  }

  /**
   * Whether a name that may mean several devices means this one too: {@code H100} means the NVL
   * card as well, but {@code RTX 4070} no {@code RTX 4070 Ti}.
   */
  boolean isOneOf(Set<String> words) {
    return covers(words)
        && required.stream().filter(GpuName.MODELS::contains).allMatch(words::contains);
  }

  /**
   * Whether it goes by the number that is named, as every {@code 4070} does, or is of a series that
   * is: {@code rtx 40}.
   */
  boolean isAkin(Set<String> words) {
    return covers(words) && sharesModel(words) || isOfSeries(words);
  }

  private boolean isOfSeries(Set<String> words) {
    return GpuSeries.of(words)
        .filter(series -> series.has(required) && covers(series.words()))
        .isPresent();
  }

  /** Whether a name has this device's model number among its words. */
  boolean sharesModel(Set<String> words) {
    return required.stream()
        .filter(word -> word.chars().filter(Character::isDigit).count() > 1)
        .filter(word -> !word.endsWith("gb"))
        .anyMatch(words::contains);
  }
}
