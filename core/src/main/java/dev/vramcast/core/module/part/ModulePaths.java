package dev.vramcast.core.module.part;

import dev.vramcast.core.architecture.tensor.Linear;
import dev.vramcast.core.job.AdapterSettings;
import java.util.Collection;

/** How PEFT finds the modules that a job names. */
public final class ModulePaths {

  private ModulePaths() {}

  /** Targets name a path from its end, at a dot (peft/tuners/tuners_utils.py). */
  public static boolean isTarget(String path, Collection<String> names) {
    for (String name : names) {
      int dot = path.length() - name.length() - 1;
      if (path.endsWith(name) && (dot < 0 || path.charAt(dot) == '.')) {
        return true;
      }
    }
    return false;
  }

  /** Whether a linear inside the layers is a target. */
  public static boolean isTarget(Linear linear, AdapterSettings adapter) {
    return adapter.allLinear() || isTarget(linear.name(), adapter.targets());
  }

  /**
   * Modules to save name a path from its end, anywhere, and what holds other modules is saved whole
   * (peft/utils/other.py _set_trainable).
   */
  public static boolean isSaved(String path, Collection<String> names) {
    for (String name : names) {
      for (int end = path.length(); end > 0; end = path.lastIndexOf('.', end - 1)) {
        if (path.startsWith(name, end - name.length())) {
          return true;
        }
      }
    }
    return false;
  }
}
