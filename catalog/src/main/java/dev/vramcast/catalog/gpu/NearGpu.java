package dev.vramcast.catalog.gpu;

import dev.vramcast.core.input.NearestName;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Finds what somebody meant who misspelt a device. */
final class NearGpu {

  private NearGpu() {}

  /** The nearest full name, or else the nearest word of one, such as {@code H100}. */
  static Optional<String> of(String name, Collection<GpuRow> known) {
    List<String> full = known.stream().map(GpuRow::name).toList();
    List<String> words =
        full.stream().flatMap(each -> Arrays.stream(each.split(" "))).distinct().toList();
    return NearestName.slip(name, full)
        .or(() -> NearestName.slip(name, words))
        .or(() -> NearestName.of(name, full));
  }
}
