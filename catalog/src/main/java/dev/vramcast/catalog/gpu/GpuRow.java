package dev.vramcast.catalog.gpu;

import dev.vramcast.core.hardware.Gpu;
import java.util.Set;

/**
 * A device of the catalogue with the names that people give it.
 *
 * @param required words that a name must contain to mean this device
 * @param optional words that it may contain beside them
 */
record GpuRow(Gpu gpu, Set<String> required, Set<String> optional, GpuRemark remark) {

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

  /** Whether a name has this device's model number among its words. */
  boolean sharesModel(Set<String> words) {
    return required.stream()
        .filter(word -> word.chars().filter(Character::isDigit).count() > 1)
        .filter(word -> !word.endsWith("gb"))
        .anyMatch(words::contains);
  }
}
