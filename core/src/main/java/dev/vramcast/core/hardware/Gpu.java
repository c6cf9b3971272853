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

  /** With the share, within 0.2 GiB of 40 cards; H100 NVL and GB300 keep more. */
  private static final long LEAST_RESERVE = 400L << 20;

  private static final double RESERVED_SHARE = 0.008;

  /** The same device with other rates. */
  public Gpu with(Throughput other) {
    return new Gpu(name, gpuClass, generation, memory, other, interconnect, watts);
  }

  /** The same device with the memory that a driver reports of it. */
  public Gpu with(MemorySize reported) {
    return new Gpu(name, gpuClass, generation, reported, throughput, interconnect, watts);
  }

  /**
   * What the driver has to give to programs on Linux, in bytes: PyTorch's {@code total_memory}. It
   * is what a job has to fit.
   */
  public long allocatableBytes() {
    return memory.allocatable().linux().orElse(memory.bytes() - reserve());
  }

  /**
   * NVIDIA's driver keeps some of the memory to itself, of cards whose total was printed by a
   * program 0.2 to 1.0 GiB; AMD's gives all.
   */
  private long reserve() {
    return vendor() == Vendor.NVIDIA
        ? Math.max(LEAST_RESERVE, Math.round(memory.bytes() * RESERVED_SHARE))
        : 0;
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
