package dev.vramcast.core.hardware;

import java.util.OptionalInt;

/**
 * One accelerator as a program sees it: a card, or one of the two devices of a two-die card.
 *
 * @param name catalogue id, e.g. {@code H100 SXM5 80GB}; it is printed and compared, and nothing
 *     about the device is read from it
 * @param watts power limit as shipped; empty when not known
 */
public record Gpu(
    String name,
    GpuClass gpuClass,
    Generation generation,
    MemorySize memory,
    Throughput throughput,
    Interconnect interconnect,
    OptionalInt watts) {

  /** The same device with the memory that a driver reports of it. */
  public Gpu with(MemorySize reported) {
    return new Gpu(name, gpuClass, generation, reported, throughput, interconnect, watts);
  }

  /** Who makes it. */
  public Vendor vendor() {
    return generation.vendor();
  }

  /** What kernels exist for. */
  public Generation.Abilities abilities() {
    return generation.abilities();
  }
}
