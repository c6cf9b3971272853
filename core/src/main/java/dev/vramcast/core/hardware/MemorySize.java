package dev.vramcast.core.hardware;

import static dev.vramcast.core.units.Multiples.MIB;

import java.util.OptionalLong;

/**
 * Device memory.
 *
 * @param mebibytes total as {@code nvidia-smi} and its like report it, before any context is
 *     created
 * @param reported false when no driver's output was found and the figure is inferred from the
 *     marketed size or a sister card
 * @param marketedGigabytes the number on the box
 * @param allocatable what the driver has to give to programs
 */
public record MemorySize(
    long mebibytes, boolean reported, int marketedGigabytes, Allocatable allocatable) {

  /**
   * The total of {@code cudaMemGetInfo}, which is PyTorch's {@code total_memory}: the driver keeps
   * a reserve of the memory on Linux and nearly none on Windows. In bytes, the least that was seen;
   * empty where no output of a program was found.
   */
  public record Allocatable(OptionalLong linux, OptionalLong windows) {

    /** Of a device of which no program's output is known. */
    public static final Allocatable UNKNOWN =
        new Allocatable(OptionalLong.empty(), OptionalLong.empty());
  }

  /** Memory of which only the driver's total is known. */
  public MemorySize(long mebibytes, boolean reported, int marketedGigabytes) {
    this(mebibytes, reported, marketedGigabytes, Allocatable.UNKNOWN);
  }

  /** Total in bytes. */
  public long bytes() {
    return Math.multiplyExact(mebibytes, MIB);
  }

  /**
   * The memory of one device whose driver was asked. Where ECC takes some of it, what programs get
   * is another figure than that of the device in general.
   */
  public MemorySize reportedAs(long mebibytes) {
    Allocatable known = mebibytes == this.mebibytes ? allocatable : Allocatable.UNKNOWN;
    return new MemorySize(mebibytes, true, marketedGigabytes, known);
  }

  /**
   * The memory of one device of which so many bytes are left for a program, since others have the
   * rest.
   */
  public MemorySize leaving(long bytes) {
    OptionalLong left = OptionalLong.of(bytes);
    return new MemorySize(mebibytes, reported, marketedGigabytes, new Allocatable(left, left));
  }
}
