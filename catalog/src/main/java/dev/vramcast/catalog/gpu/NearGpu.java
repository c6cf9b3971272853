package dev.vramcast.catalog.gpu;

import dev.vramcast.core.input.NearestName;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds what somebody meant who misspelt a device. */
final class NearGpu {

  /** The least that means a device: a 2 behind other words does not. */
  private static final int SHORTEST = 2;

  private NearGpu() {}

  /**
   * The nearest full name of what is more than a letter, or else the nearest word of one, such as
   * {@code H100}.
   */
  static Optional<String> of(String name, Collection<GpuRow> known) {
    if (name.length() < SHORTEST) {
      return Optional.empty();
    }
    List<String> full = known.stream().map(GpuRow::name).toList();
    List<String> words =
        full.stream()
            .flatMap(each -> Arrays.stream(each.split(" ")))
            .filter(word -> word.length() >= SHORTEST)
            .distinct()
            .toList();
    return NearestName.slip(name, full)
        .or(() -> NearestName.slip(name, words))
        .or(() -> NearestName.of(name, full));
  }
}
