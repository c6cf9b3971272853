package dev.vramcast.catalog.machine;

import dev.vramcast.catalog.gpu.GpuCatalog;
import dev.vramcast.core.hardware.Gpu;
import dev.vramcast.core.hardware.MemorySize;
import dev.vramcast.core.input.InputException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A GPU as the driver of this machine tells of it.
 *
 * @param index by which the driver's program counts it
 * @param name e.g. {@code NVIDIA GeForce RTX 3090}
 * @param mebibytes total memory; empty where the driver does not say, as of a memory that the
 *     processor shares
 * @param usedBytes what programs have of it now
 */
record LocalCard(int index, String name, OptionalLong mebibytes, long usedBytes) {

  /** Beyond ECC and drivers' habits: what differs by more is another card of the same name. */
  private static final double MOST_DIFFERENCE = 0.1;

  /**
   * The card of the catalogue with what this one's driver says of its memory; empty where the
   * catalogue has none like it.
   *
   * @param windows whether Windows' driver has the memory, which keeps nearly nothing to itself
   */
  Optional<Gpu> known(boolean windows) {
    return named(name)
        .or(() -> mebibytes.isPresent() ? named(name + " " + gigabytes() + "GB") : Optional.empty())
        .filter(found -> hasMemory(found.memory()))
        .map(found -> withMemory(found, windows));
  }

  private Gpu withMemory(Gpu found, boolean windows) {
    MemorySize memory = found.memory().reportedAs(mebibytes.orElse(found.memory().mebibytes()));
    Gpu reported = found.with(memory);
    long total =
        windows
            ? memory.allocatable().windows().orElse(memory.bytes())
            : reported.allocatableBytes();
    return found.with(memory.leaving(Math.max(0, total - usedBytes)));
  }

  private long gigabytes() {
    return Math.round(mebibytes.orElseThrow() / 1024.0);
  }

  private static Optional<Gpu> named(String name) {
    try {
      return Optional.of(GpuCatalog.embedded().find(name).gpu());
    } catch (InputException e) {
      return Optional.empty();
    }
  }

  private boolean hasMemory(MemorySize memory) {
    return mebibytes.isEmpty()
        || Math.abs(mebibytes.getAsLong() - memory.mebibytes())
            <= MOST_DIFFERENCE * memory.mebibytes();
  }
}
