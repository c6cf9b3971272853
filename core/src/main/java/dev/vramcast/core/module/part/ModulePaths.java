package dev.vramcast.core.module.part;

import java.util.Collection;

/** How PEFT finds the modules that a job names. */
public final class ModulePaths {

  private ModulePaths() {}

  /** Targets name a path from its end, at a dot (peft/tuners/tuners_utils.py). */
  public static boolean isTarget(String path, Collection<String> names) {
    return names.stream().anyMatch(name -> path.equals(name) || path.endsWith("." + name));
  }

  /**
   * Modules to save name a path from its end, anywhere, and what holds other modules is saved whole
   * (peft/utils/other.py _set_trainable).
   */
  public static boolean isSaved(String path, Collection<String> names) {
    for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
      String module = path.substring(0, end);
      if (names.stream().anyMatch(module::endsWith)) {
        return true;
      }
    }
    return false;
  }
}
