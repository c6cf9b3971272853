package dev.vramcast.formats.training;

import dev.vramcast.core.job.document.JobKey;
import dev.vramcast.core.job.option.FrozenPart;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a model with encoders stays as it is. */
public final class FrozenParts {

  private FrozenParts() {}

  /**
   * Reads two switches; where neither is there, the framework's rule holds.
   *
   * @param otherwise what the other one is where only one is there
   */
  public static void read(JobBuilder job, String towers, String projectors, boolean otherwise) {
    Optional<Setting> either = job.get(towers).or(() -> job.get(projectors));
    if (either.isEmpty()) {
      return;
    }
    List<FrozenPart> parts = new ArrayList<>();
    if (job.get(towers).map(Setting::bool).orElse(otherwise)) {
      parts.add(FrozenPart.TOWERS);
    }
    if (job.get(projectors).map(Setting::bool).orElse(otherwise)) {
      parts.add(FrozenPart.PROJECTORS);
    }
    job.put(JobKey.FROZEN, parts, either.get());
  }

  /** All of them. */
  public static void all(JobBuilder job, Setting from) {
    job.put(JobKey.FROZEN, List.of(FrozenPart.values()), from);
  }
}
