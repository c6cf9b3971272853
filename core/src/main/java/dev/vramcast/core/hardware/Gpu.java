package dev.vramcast.core.hardware;

import java.util.OptionalInt;

/**
 * One accelerator as a program sees it: a card, or one of the two devices of a two-die card.
 *
 * @param name catalogue id, e.g. {@code H100 SXM5 80GB}
 * @param architecture e.g. {@code Hopper}
 * @param computeCapability e.g. {@code 9.0}, {@code gfx942}, or {@code n/a}
 * @param watts power limit as shipped; empty when not known
 * @param bf16 whether matrix units take bf16
 * @param flashAttention whether the FlashAttention 2 kernels run on it
 * @param fp8 whether matrix units take fp8
 * @param source where the figures come from
 */
public record Gpu(
    String name,
    Vendor vendor,
    String architecture,
    String computeCapability,
    MemorySize memory,
    Throughput throughput,
    Interconnect interconnect,
    OptionalInt watts,
    boolean bf16,
    boolean flashAttention,
    boolean fp8,
    String source) {

  /** The same device with the memory that a driver reports of it. */
  public Gpu with(MemorySize reported) {
    return new Gpu(
        name,
        vendor,
        architecture,
        computeCapability,
        reported,
        throughput,
        interconnect,
        watts,
        bf16,
        flashAttention,
        fp8,
        source);
  }
}
